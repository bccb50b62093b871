import { DockerfileParser } from 'dockerfile-ast';
import type { Fact, Guard, Sign } from './fact.ts';
import { commandFacts } from './shell/facts.ts';
import { reading, UnreadableError } from './unreadable.ts';

/** A longer one is not looked at: its parser is slow on what is no Dockerfile. */
const maxLength = 200 * 1024;

/** What a Dockerfile says: whom it runs as, what it runs, what it is built on. @throws UnreadableError for one that is too long */
export async function dockerFacts(text: string): Promise<Fact[]> {
  if (text.length > maxLength) throw new UnreadableError(`longer than ${maxLength} characters`);
  const instructions = await reading(() => instructionsOf(text));
  const facts: Fact[] = [...user(instructions), ...bases(instructions)];
  for (const instruction of instructions) {
    if (/^(RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(instruction.keyword))
      facts.push(
        ...(await commandFacts(shellOf(instruction.args), instruction.contentLine, {
          inImage: instruction.keyword === 'RUN',
        })),
      );
    if (
      (instruction.keyword === 'ENV' || instruction.keyword === 'ARG') &&
      /NODE_TLS_REJECT_UNAUTHORIZED[= ]["']?0|GIT_SSL_NO_VERIFY[= ]["']?(1|true)|PYTHONHTTPSVERIFY[= ]["']?0/i.test(
        instruction.args,
      )
    ) {
      facts.push({
        kind: 'sign',
        rule: 'permission-widened',
        pattern: 'tls-check-off',
        detail: 'certificates are not checked',
        subject: instruction.args,
        line: instruction.line,
        endLine: instruction.endLine,
      });
    }
    if (
      /^(COPY|ADD)$/.test(instruction.keyword) &&
      /--chmod=0?[0-7]?[0-7]?[67][2367]\b/.test(
        text
          .split('\n')
          .slice(instruction.line - 1, instruction.endLine)
          .join(' '),
      )
    ) {
      facts.push({
        kind: 'sign',
        rule: 'permission-widened',
        pattern: 'world-writable',
        detail: 'everybody may write it',
        subject: instruction.args,
        line: instruction.line,
        endLine: instruction.endLine,
      });
    }
  }
  return facts;
}

function instructionsOf(text: string): Instruction[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => {
      const range = instruction.getRange();
      return {
        keyword: instruction.getKeyword(),
        args: instruction.getArgumentsContent() ?? '',
        words: instruction.getArguments().map((argument) => argument.getValue()),
        line: range.start.line + 1,
        endLine: range.end.line + 1,
        contentLine: (instruction.getArgumentsRange()?.start.line ?? range.start.line) + 1,
      };
    });
}

interface Instruction {
  readonly keyword: string;
  readonly args: string;
  readonly words: readonly string[];
  readonly line: number;
  readonly endLine: number;
  /** Where its arguments begin. */
  readonly contentLine: number;
}

/** The shell's part of an instruction, without options; a list in JSON as words, or what it hands to a shell. */
function shellOf(args: string): string {
  const bare = args.replace(/^(?:--[\w-]+(?:=\S+)?\s+)+(?:CMD\s)?/, (options) => options.replace(/[^\n]/g, ' '));
  if (!/^\s*\[/.test(bare)) return bare;
  const words = [...bare.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] as string).replace(/\\(.)/g, '$1'));
  const shell = words.findIndex((word) => /^-\w*c$/.test(word));
  return shell >= 0 ? (words[shell + 1] ?? '') : words.map((word) => `'${word.replaceAll("'", '')}'`).join(' ');
}

const isRoot = (name: string | undefined): boolean => /^(root|0)(:.*)?$/.test(name ?? '');

/** Whom the image runs as: the last `USER` of the last stage says it. */
function user(instructions: readonly Instruction[]): (Sign | Guard)[] {
  const stage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM') + 1);
  const last = stage.findLast(({ keyword }) => keyword === 'USER');
  if (!last) return [];
  const said = {
    rule: 'permission-widened',
    pattern: 'run-as-root',
    detail: 'the image runs as root',
    subject: 'user',
    line: last.line,
    endLine: last.endLine,
  } as const;
  if (isRoot(last.words[0])) return [{ kind: 'sign', ...said, byRemoval: true }];
  return [{ kind: 'guard', ...said }];
}

function bases(instructions: readonly Instruction[]): Fact[] {
  const stages = new Set<string>(['scratch']);
  return instructions.flatMap(({ keyword, words, line, endLine }): Fact[] => {
    if (keyword !== 'FROM') return [];
    const [image = '', as, stage] = words.filter((word) => !word.startsWith('--'));
    const isOwn = stages.has(image);
    if (/^as$/i.test(as ?? '') && stage !== undefined) stages.add(stage);
    if (isOwn || image === '' || image.startsWith('$')) return [];
    const name = image.replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '');
    const tag = /:([^/:@]+)(@|$)/.exec(image)?.[1];
    const isPinned =
      image.includes('@sha256:') ||
      (tag !== undefined && !/^(latest|main|master|edge|nightly|stable)$/.test(tag) && !tag.includes('$')) ||
      /\$/.test(tag ?? '');
    if (isPinned) return [];
    return [
      {
        kind: 'sign',
        rule: 'dependency-added',
        pattern: 'unpinned-image',
        detail: `${shown(name)} without a version`,
        subject: name,
        line,
        endLine,
      },
    ];
  });
}

function shown(name: string): string {
  return name.replace(/[^\w./@:-]/g, '?').slice(0, 80);
}
