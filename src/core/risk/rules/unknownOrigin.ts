import { type Facts, noLines } from '../facts.ts';
import { growing } from '../floors.ts';
import { plural, type Rule } from './rule.ts';

/** Lines of which nobody is known to be the author: 10, growing to 40 at a hundred. They may be a person's: it stays low. */
export const unknownOrigin: Rule = {
  id: 'unknown-origin',
  find({ unknown: { count, where } }) {
    if (count === 0) return [];
    const remedy = {
      id: 'origin',
      by: 'person',
      action: 'find out whose they are: "countersign explain FILE:LINE" tells what is known',
    } as const;
    const detail = `${plural(count, 'added line')} of which nobody is known to be the author`;
    const resolve = (facts: Facts): Facts => ({ ...facts, unknown: noLines });
    return [{ floor: growing(10, 40, count), detail, where, remedy, resolve }];
  },
};
