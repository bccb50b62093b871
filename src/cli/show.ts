import { parseArgs } from 'node:util';
import { commitJson, recordedActions, recordedPolicyOf, recordedValidationOf } from '../change/json.ts';
import { type Fit, type ResolvedCommit, resolveCommits } from '../change/resolve.ts';
import { readAssistance } from '../core/assistance.ts';
import type { PolicyOutcome } from '../core/policy/outcome.ts';
import { formatTrailer, type Trailer } from '../core/trailers.ts';
import { resolveCommit } from '../git/commits.ts';
import { type Command, UsageError } from './command.ts';
import { bold, formatActions, formatFiles, formatTotals, printable } from './format.ts';
import { formatRecordedValidation } from './formatValidation.ts';
import { openForReading } from './place.ts';

export const show: Command = {
  name: 'show',
  usage: 'show REV [--json]',
  summary: 'what is known of a commit',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [revision, ...more] = positionals;
    if (revision === undefined || more.length > 0) throw new UsageError('one revision is needed');
    const { git } = await openForReading(io);
    const [resolved] = await resolveCommits(git, [await resolveCommit(git, revision)]);
    if (!resolved) throw new Error(`${revision} could not be read`);
    io.out(values.json ? `${JSON.stringify(commitJson(resolved))}\n` : commitText(resolved));
    return 0;
  },
};

function commitText(resolved: ResolvedCommit): string {
  const { commit, facts, files, fit, foreign } = resolved;
  const isKnown = files.some(({ lines }) => lines.some((line) => line.class !== 'unknown'));
  // What a commit says of itself is told, never counted; where there are records they say it better.
  const marks = fit.state === 'none' ? readAssistance(facts.trailers).map(({ trailer }) => markText(trailer)) : [];
  const title = [bold(commit), fitText(fit, isKnown), ...foreign.map(foreignText), ...marks]
    .map((line) => `${line}\n`)
    .join('');
  if ((fit.state === 'none' || fit.state === 'missing') && !isKnown) return title;
  const actions = formatActions(recordedActions(resolved.records));
  const validation = formatRecordedValidation(recordedValidationOf(resolved.records));
  const policy = policyText(recordedPolicyOf(resolved.records));
  return `${title}\n${formatFiles(files)}\n${formatTotals(files)}${actions}${validation}${policy}`;
}

/** `policy: overridden; it lacked: tests none; the reason given: "hotfix"`; nothing where the commit had to meet none. */
function policyText(outcome: PolicyOutcome | undefined): string {
  if (!outcome) return '';
  const { result, missing = [], override } = outcome;
  const lacks = missing.length > 0 ? `; it lacked: ${missing.map(printable).join(', ')}` : '';
  const reason = override === undefined ? '' : `; the reason given: ${JSON.stringify(printable(override))}`;
  return `policy: ${result}${lacks}${reason}\n`;
}

function fitText(fit: Fit, isKnown: boolean): string {
  switch (fit.state) {
    case 'exact':
      return 'its record fits exactly';
    case 'partial':
      return `its record fits ${fit.matched} of ${fit.of} added lines; it says nothing of the others`;
    case 'missing':
      return `it names ${fit.digests.length === 1 ? 'a record that is' : 'records that are'} not here: "countersign sync" fetches them`;
    case 'none':
      return isKnown
        ? 'it names no record; what is known of its lines comes from other commits or other tools'
        : 'it names no record: nothing is known of its lines';
  }
}

function foreignText({ source, refused }: ResolvedCommit['foreign'][number]): string {
  return refused === undefined
    ? `it has a note by ${source}`
    : `it has a note by ${source} that is not used: ${refused}`;
}

function markText(trailer: Trailer): string {
  return `its message says: ${printable(formatTrailer(trailer))}`;
}
