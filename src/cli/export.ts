import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type ExportFormat, exportCommits, exportFormats } from '../change/export.ts';
import { addGitAiNotes } from '../change/gitAi.ts';
import { resolveCommits } from '../change/resolve.ts';
import { listCommits } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { openForReading } from './place.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'export [RANGE] --format NAME [--output FILE | --write]',
  summary: `commits for other programs: ${exportFormats.join(', ')}`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, output: { type: 'string' }, write: { type: 'boolean', default: false } },
    });
    const [range, ...more] = positionals;
    if (more.length > 0) throw new UsageError('at most one range is taken');
    const format = exportFormats.find((name) => name === values.format);
    if (!format) throw new UsageError(`--format is one of ${exportFormats.join(', ')}`);
    if (values.write && (format !== 'git-ai' || values.output !== undefined)) {
      throw new UsageError('--write goes with --format git-ai, and without --output');
    }
    const { git } = await openForReading(io);
    const commits = await listCommits(git, range);
    if (values.write) await writeNotes(git, commits, io);
    else if (values.output === undefined) await print(git, commits, format, io);
    else await save(git, commits, format, path.resolve(io.cwd, values.output), io);
    return 0;
  },
};

async function print(git: Git, commits: readonly string[], format: ExportFormat, io: Io): Promise<void> {
  for await (const object of exportCommits(git, commits, format)) io.out(lineOf(object));
}

async function save(git: Git, commits: readonly string[], format: ExportFormat, file: string, io: Io): Promise<void> {
  const output: FileHandle = await open(file, 'w');
  let count = 0;
  try {
    for await (const object of exportCommits(git, commits, format)) {
      await output.write(lineOf(object));
      count++;
    }
  } finally {
    await output.close();
  }
  io.out(`${plural(count, 'line')} for ${plural(commits.length, 'commit')} written to ${file}\n`);
}

/** So many commits get their notes by one process. */
const notesAtOnce = 500;

async function writeNotes(git: Git, commits: readonly string[], io: Io): Promise<void> {
  let count = 0;
  for (let start = 0; start < commits.length; start += notesAtOnce) {
    const batch = await resolveCommits(git, commits.slice(start, start + notesAtOnce));
    count += (await addGitAiNotes(git, batch)).length;
  }
  io.out(`${plural(count, 'note')} added to refs/notes/ai, for ${plural(commits.length, 'commit')}\n`);
}

function lineOf(object: object): string {
  return `${JSON.stringify(object)}\n`;
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
