import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Explanation, explainLine } from '../change/explain.ts';
import { explanationJson } from '../change/json.ts';
import { cutHistory, describeShares, describeStep, localTime } from '../core/stepText.ts';
import { pathInRepository } from '../git/repository.ts';
import { type Command, UsageError } from './command.ts';
import { authorName, bold, printable, table } from './format.ts';
import { openForCommand } from './place.ts';

export const explain: Command = {
  name: 'explain',
  usage: 'explain FILE:LINE [--json]',
  summary: 'how a pending line got its origin, step by step',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [position, ...more] = positionals;
    if (position === undefined || more.length > 0) throw new UsageError('one FILE:LINE is needed');
    const { file, line } = parsePosition(position);
    const place = await openForCommand(io);
    const relative = pathInRepository(place.repository, path.resolve(io.cwd, file));
    if (relative === undefined) throw new Error(`${file} is not in the work tree of ${place.repository.top}`);
    const explanation = await explainLine(place, relative, line);
    io.out(values.json ? `${JSON.stringify(explanationJson(explanation))}\n` : explanationText(explanation));
    return 0;
  },
};

/** The line is behind the last colon: the file's name may have others. */
function parsePosition(position: string): { file: string; line: number } {
  const [, file, line] = /^(.+):([1-9]\d{0,8})$/s.exec(position) ?? [];
  if (file === undefined) throw new UsageError(`${JSON.stringify(position)} is no FILE:LINE, the line a number from 1`);
  return { file, line: Number(line) };
}

function explanationText(explanation: Explanation): string {
  const { path: file, line, text } = explanation;
  const place = bold(printable(`${file}:${line}`));
  if (explanation.state === 'committed') return `${place}  ${committedText(explanation)}\n`;
  const steps = explanation.steps.map((step) => [
    step.at === undefined ? 'since then' : localTime(step.at),
    printable(describeStep(step)),
  ]);
  const lines = [
    `${place}  ${explanation.known.class}`,
    `  ${printable(text.trim().replaceAll('\t', '    '))}`,
    ...(explanation.isCut ? [`  ${cutHistory}`] : []),
    ...table(steps)
      .trimEnd()
      .split('\n')
      .map((step) => `  ${step}`),
    `  as it stands: ${printable(describeShares(explanation.shares, explanation.known))}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** `ai, of commit 1a2b3c4d5e6f: Claude Code, reported, unseen (countersign show 1a2b3c4d5e6f)`. */
function committedText({ commit, known }: Extract<Explanation, { state: 'committed' }>): string {
  const short = commit.slice(0, 12);
  if (!known) return `base, of commit ${short}: nothing is known of this line (countersign show ${short})`;
  const { author } = known;
  const facts = [
    authorName(author),
    author && 'evidence' in author ? author.evidence : '',
    author?.origin === 'ai' ? author.review : '',
  ].filter((fact) => fact !== '');
  return `${known.class}, of commit ${short}${facts.length > 0 ? `: ${printable(facts.join(', '))}` : ''} (countersign show ${short})`;
}
