import { type Facts, noLines } from '../facts.ts';

/** A review answers for what nobody had seen, and for what somebody had only seen. */
export function reviewed(facts: Facts): Facts {
  return {
    ...facts,
    unseen: noLines,
    unreviewed: noLines,
    missing: facts.missing.filter(({ kind }) => kind !== 'review'),
  };
}
