import { assistantName } from '../../trailers.ts';
import type { Facts } from '../facts.ts';
import type { Rule } from './rule.ts';

/** Lines of an assistant or a model that the policy does not let write here: 95. */
export const assistantNotAllowed: Rule = {
  id: 'assistant-not-allowed',
  find({ notAllowed }) {
    if (notAllowed.length === 0) return [];
    const names = notAllowed.map(({ tool, model }) => assistantName(tool, model)).join(', ');
    const remedy = {
      id: 'take-out',
      by: 'anyone',
      action: 'take its lines out, or have whoever sees to the policy allow it',
    } as const;
    const resolve = (facts: Facts): Facts => ({ ...facts, notAllowed: [] });
    return [{ floor: 95, detail: `the policy does not allow ${names}`, where: [], remedy, resolve }];
  },
};
