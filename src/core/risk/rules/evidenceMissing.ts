import type { MissingEvidence } from '../../policy/judgements.ts';
import { type Facts, maxPlaces } from '../facts.ts';
import { reviewed } from './review.ts';
import { type Found, plural, type Rule } from './rule.ts';
import { tested } from './untested.ts';

/** What the policy requires of files that are changed, and is not there: 80 for each kind of evidence. */
export const evidenceMissing: Rule = {
  id: 'evidence-missing',
  find: ({ missing }) =>
    missing.map((lack): Found => {
      const { kind, paths } = lack;
      const remedy = {
        id: 'evidence',
        by: kind === 'review' ? 'person' : 'anyone',
        action: actions[kind === 'review' || kind === 'tests' || kind === 'build' || kind === 'lint' ? kind : 'scan'],
      } as const;
      const detail = `the policy wants ${kind} for ${plural(paths.length, 'file')} of the change: ${words[lack.why]}`;
      const where = paths.slice(0, maxPlaces).map((path) => ({ path }));
      return { floor: 80, detail, where, remedy, resolve: brought(lack) };
    }),
};

/** Evidence that is brought for the policy's sake answers other rules, too. */
function brought({ kind }: MissingEvidence): (facts: Facts) => Facts {
  if (kind === 'review') return reviewed;
  if (kind === 'tests') return tested;
  return (facts) => ({ ...facts, missing: facts.missing.filter((lack) => lack.kind !== kind) });
}

const words: Readonly<Record<MissingEvidence['why'], string>> = {
  none: 'there is none',
  stale: 'there is some, from before the last change',
  unknown: 'it is not known what it was obtained on',
  failed: 'it failed',
  findings: 'it found something',
  unreviewed: 'not all AI lines are reviewed',
};

const actions = {
  review: 'read the AI lines of these files and say so: "countersign review"',
  tests: 'run the tests: "countersign run -- COMMAND"',
  build: 'build it: "countersign run -- COMMAND"',
  lint: 'run the linter: "countersign run -- COMMAND"',
  scan: 'scan it and tell the result: "countersign evidence add FILE"',
} as const;
