import path from 'node:path';
import { parseArgs } from 'node:util';
import { type AttributedLine, blameFile } from '../change/blame.ts';
import { blamedLineJson } from '../change/json.ts';
import { textContent, workTreeText } from '../change/texts.ts';
import { decodeText, lineContent, linesOf } from '../core/text.ts';
import { resolveCommit } from '../git/commits.ts';
import { readObjects } from '../git/objects.ts';
import { pathInRepository, type Repository } from '../git/repository.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { authorName, printable, table } from './format.ts';
import { openForCommand } from './place.ts';

export const blame: Command = {
  name: 'blame',
  usage: 'blame FILE [--rev REV] [-L START,END]... [-w] [-M] [-C]... [--contents -] [--json]',
  summary: 'who wrote each line of a file',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rev: { type: 'string' },
        lines: { type: 'string', short: 'L', multiple: true },
        'ignore-space': { type: 'boolean', short: 'w', default: false },
        moves: { type: 'boolean', short: 'M', default: false },
        copies: { type: 'boolean', short: 'C', multiple: true },
        contents: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('one file is needed');
    const place = await openForCommand(io);
    const relative = pathInRepository(place.repository, path.resolve(io.cwd, file));
    if (relative === undefined) throw new Error(`${file} is not in the work tree of ${place.repository.top}`);
    const commit = values.rev === undefined ? undefined : await resolveCommit(place.repository.git, values.rev);
    const contents = values.contents === undefined ? undefined : await readContents(io, values.contents);
    const text = contents ?? (await textOf(place.repository, relative, commit));
    const lines = await blameFile(place, relative, {
      ...(commit !== undefined && { commit }),
      ...(values.lines && { lines: values.lines }),
      ...(contents !== undefined && { contents }),
      ignoreSpace: values['ignore-space'],
      moves: values.moves,
      copies: Math.min(values.copies?.length ?? 0, 3),
    });
    if (values.json) {
      const answer = {
        schema: 'countersign/blame/1',
        path: relative,
        lines: lines.map((line) => blamedLineJson(line.number, line.commit, line.known)),
      };
      io.out(`${JSON.stringify(answer)}\n`);
    } else {
      io.out(blameText(lines, text));
    }
    return 0;
  },
};

/** In bytes. */
const maxContents = 16 * 1024 * 1024;

/** What an editor has and has not saved. */
async function readContents(io: Io, source: string): Promise<string> {
  if (source !== '-') throw new UsageError('--contents takes - alone: the text on standard input');
  const text = decodeText(await io.readInput(maxContents));
  if (text === undefined)
    throw new Error('what came on standard input is no UTF-8 text: its lines cannot be told apart');
  return text;
}

async function textOf(repository: Repository, relative: string, commit: string | undefined): Promise<string> {
  const at = commit === undefined ? '' : ` at ${commit.slice(0, 12)}`;
  const content =
    commit === undefined ? workTreeText(repository, relative) : await committedText(repository, commit, relative);
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'absent':
      throw new Error(`${relative} is not there${at}`);
    case 'binary':
    case 'large':
      throw new Error(
        `${relative}${at} is ${content.kind === 'binary' ? 'no text' : 'too large'}: its lines are counted, not attributed`,
      );
  }
}

async function committedText(
  { git }: Repository,
  commit: string,
  relative: string,
): Promise<ReturnType<typeof textContent>> {
  const name = `${commit}:${relative}`;
  const bytes = (await readObjects(git, [name])).get(name);
  return bytes ? textContent(bytes) : { kind: 'absent' };
}

function blameText(lines: readonly AttributedLine[], text: string): string {
  const content = linesOf(text);
  return table(
    lines.map(({ number, commit, known }) => [
      commit?.slice(0, 8) ?? 'pending',
      known.class,
      printable(authorName(known.author)),
      `${number}`,
      printable(lineContent(content, number - 1).replaceAll('\t', '    ')),
    ]),
  );
}
