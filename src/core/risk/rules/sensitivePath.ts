import { type Facts, maxPlaces } from '../facts.ts';
import type { Rule } from './rule.ts';

/** Files where a mistake costs more than elsewhere: 60, whoever wrote the change. */
export const sensitivePath: Rule = {
  id: 'sensitive-path',
  find({ sensitive }) {
    if (sensitive.length === 0) return [];
    const areas = [...new Set(sensitive.map(({ area }) => area))].sort();
    const where = [...new Set(sensitive.map(({ path }) => path))].slice(0, maxPlaces).map((path) => ({ path }));
    const remedy = {
      id: 'split',
      by: 'anyone',
      action: 'commit these files by themselves, for somebody who knows the area to review',
    } as const;
    const resolve = (facts: Facts): Facts => ({ ...facts, sensitive: [] });
    return [{ floor: 60, detail: `touches ${areas.join(', ')}`, where, remedy, resolve }];
  },
};
