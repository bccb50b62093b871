import { parseArgs } from 'node:util';
import { eachResolved, type Fit, type ResolvedCommit } from '../change/resolve.ts';
import { type Totals, totalsOf } from '../core/change.ts';
import { subjectOf } from '../core/subject.ts';
import { assistantName } from '../core/trailers.ts';
import { commitsReached } from '../git/revisions.ts';
import { type Command, UsageError } from './command.ts';
import { bold, printable } from './format.ts';
import { writeJsonList } from './jsonList.ts';
import { openForReading } from './place.ts';

export const log: Command = {
  name: 'log',
  usage: 'log [RANGE | REV] [--json]',
  summary: 'what is known of each commit of a history, a line each',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [range = 'HEAD', ...more] = positionals;
    if (more.length > 0) throw new UsageError('one range is needed');
    const { git } = await openForReading(io);
    const entries = read(eachResolved(git, await commitsReached(git, range)));
    if (values.json) {
      await writeJsonList(io.out, { schema: 'countersign/log/1' }, ['commits', entries]);
    } else {
      for await (const entry of entries) io.out(entryText(entry));
    }
    return 0;
  },
};

/** One commit of `countersign/log/1`. */
interface LogEntry {
  readonly commit: string;
  /** As it was written. */
  readonly subject: string;
  readonly fit: Fit;
  readonly totals: Totals;
  /** Who wrote AI lines, each tool and model once, in order of appearance. */
  readonly assistants: readonly { readonly tool: string; readonly model?: string }[];
}

async function* read(commits: AsyncIterable<ResolvedCommit>): AsyncGenerator<LogEntry> {
  for await (const { commit, facts, fit, files } of commits) {
    const subject = subjectOf(facts.message);
    yield { commit, subject, fit, totals: totalsOf(files), assistants: assistantsOf(files) };
  }
}

function assistantsOf(files: ResolvedCommit['files']): LogEntry['assistants'] {
  const found = new Map<string, LogEntry['assistants'][number]>();
  for (const { author } of files.flatMap(({ lines }) => lines)) {
    if (author?.origin !== 'ai') continue;
    const { tool, model } = author;
    found.set(JSON.stringify([tool, model]), { tool, ...(model !== undefined && { model }) });
  }
  return [...found.values()];
}

function entryText({ commit, subject, fit, totals, assistants }: LogEntry): string {
  const names = assistants.map(({ tool, model }) => assistantName(tool, model)).join(', ');
  const columns = [share(fit, totals).padEnd(12), fitText(fit).padEnd(14)];
  return `${bold(commit.slice(0, 12))}  ${columns.join('  ')}  ${printable(names === '' ? subject : `${subject}  [${names}]`)}\n`;
}

/** AI lines of all that were added; nothing where nobody knows. */
function share(fit: Fit, { countsAsAi, added }: Totals): string {
  if (fit.state === 'none' || fit.state === 'missing') return '';
  return added === 0 ? 'no lines' : `${countsAsAi}/${added} AI`;
}

function fitText(fit: Fit): string {
  switch (fit.state) {
    case 'exact':
      return 'exact';
    case 'partial':
      return `fits ${fit.matched}/${fit.of}`;
    case 'missing':
      return 'record missing';
    case 'none':
      return '';
  }
}
