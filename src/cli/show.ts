import { parseArgs } from 'node:util';
import { commitJson } from '../change/json.ts';
import { type Fit, type ResolvedCommit, resolveCommits } from '../change/resolve.ts';
import { resolveCommit } from '../git/commits.ts';
import { type Command, UsageError } from './command.ts';
import { bold, formatFiles, formatTotals } from './format.ts';
import { openForCommand } from './place.ts';

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
    const { git } = (await openForCommand(io)).repository;
    const [resolved] = await resolveCommits(git, [await resolveCommit(git, revision)]);
    if (!resolved) throw new Error(`${revision} could not be read`);
    io.out(values.json ? `${JSON.stringify(commitJson(resolved))}\n` : commitText(resolved));
    return 0;
  },
};

function commitText(resolved: ResolvedCommit): string {
  const title = `${bold(resolved.commit)}\n${fitText(resolved.fit)}\n`;
  if (resolved.fit.state === 'none' || resolved.fit.state === 'missing') return title;
  return `${title}\n${formatFiles(resolved.files)}\n${formatTotals(resolved.files)}`;
}

function fitText(fit: Fit): string {
  switch (fit.state) {
    case 'exact':
      return 'its record fits exactly';
    case 'partial':
      return `its record fits ${fit.matched} of ${fit.of} added lines; the others were changed by a rewrite, and are unknown`;
    case 'missing':
      return `it names ${fit.digests.length === 1 ? 'a record that is' : 'records that are'} not here: fetch refs/countersign/records`;
    case 'none':
      return 'it names no record: nothing is known of its lines';
  }
}
