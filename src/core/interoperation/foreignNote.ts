import type { AiAuthor, Author, HumanAuthor } from '../author.ts';
import type { AddedLine, FileChange } from '../change.ts';
import { sha256 } from '../digest.ts';

/** Other tools that keep who wrote a commit's lines in git notes. */
export const foreignSources = ['git-ai', 'whogitit', 'agentblame', 'qwen'] as const;
export type ForeignSource = (typeof foreignSources)[number];

/** What another tool's note says of a commit. */
export interface ForeignAttribution {
  readonly source: ForeignSource;
  /** Empty where the note is refused. */
  readonly files: readonly ForeignFile[];
  /** Why the note is not used, in words. */
  readonly refused?: string;
}

export interface ForeignFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  /** Where ranges overlap, the later one holds. */
  readonly ranges: readonly ForeignRange[];
  /** AI's share of the change to this file in per cent, where the tool does not know lines: no line gets a class from it. */
  readonly aiShare?: number;
}

/** Lines of a file at the commit, 1-based, inclusive. */
export interface ForeignRange {
  readonly start: number;
  readonly end: number;
  readonly class: 'ai' | 'mixed' | 'human';
  /** Only of `mixed` lines: half or more of each is AI. */
  readonly mostlyAi?: boolean;
  readonly tool?: string;
  readonly model?: string;
  /** As the note has it. */
  readonly session?: string;
  /** `lineHash` of its line, where the note holds the text: the range stands for that text alone. */
  readonly hash?: string;
}

/** Why a note is not used, in words. */
export interface RefusedNote {
  readonly refused: string;
}

/** A note that is longer is refused: it holds more than attributions. In UTF-16 code units or bytes. */
export const maxNoteLength = 4 * 1024 * 1024;

/** The value of a JSON text; `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rule that an author inferred from a note names. */
export function foreignRule(source: ForeignSource): string {
  return `${source}-note`;
}

/** Whether another tool's note is all that shows who wrote it. */
export function isForeign(author: Author | undefined): boolean {
  const rule = author && 'rule' in author ? author.rule : undefined;
  return foreignSources.some((source) => rule === foreignRule(source));
}

/**
 * The files of a commit with what notes say of its own added lines, where nothing else is known of them. The first note
 * that knows a line holds.
 *
 * @param at when the commit was made (ISO 8601, UTC): no note says when it saw a line written
 */
export function withForeignLines(
  files: readonly FileChange[],
  notes: readonly ForeignAttribution[],
  at: string,
): FileChange[] {
  return notes.reduce<FileChange[]>((known, note) => withLinesOf(note, known, at), [...files]);
}

function withLinesOf({ source, files: noted }: ForeignAttribution, files: FileChange[], at: string): FileChange[] {
  const ranges = new Map<string, ForeignRange[]>();
  for (const file of noted) {
    const path = file.path.normalize('NFC');
    const own = ranges.get(path) ?? [];
    ranges.set(path, own);
    for (const range of file.ranges) own.push(range);
  }
  return files.map((file) => {
    const own = ranges.get(file.path.normalize('NFC'));
    const found = own ? rangesOfLines(file.lines, own) : new Map<number, ForeignRange>();
    if (found.size === 0) return file;
    const lines = file.lines.map((line) => {
      const range = line.class === 'unknown' ? found.get(line.number) : undefined;
      return range ? { ...line, ...classified(range, source, at) } : line;
    });
    return { ...file, lines };
  });
}

/**
 * Line number → the last range that has it. Each line is given once, from the last range on, and given lines are jumped
 * over, so that ranges over all numbers there are cost no more than the lines that exist.
 */
function rangesOfLines(lines: readonly AddedLine[], ranges: readonly ForeignRange[]): Map<number, ForeignRange> {
  const found = new Map<number, ForeignRange>();
  /** Index of a line → of the first line from there on that may still be open. */
  const next = Array.from({ length: lines.length + 1 }, (_, i) => i);
  const openFrom = (index: number): number => {
    let open = index;
    while (next[open] !== open) {
      next[open] = next[next[open] as number] as number;
      open = next[open] as number;
    }
    return open;
  };
  for (const range of [...ranges].reverse()) {
    for (let i = openFrom(firstAt(lines, range.start)); i < lines.length; i = openFrom(i + 1)) {
      const line = lines[i] as AddedLine;
      if (line.number > range.end) break;
      if (range.hash !== undefined && range.hash !== line.hash) continue;
      found.set(line.number, range);
      next[i] = i + 1;
    }
  }
  return found;
}

/** Index of the first line whose number is not below `number`. */
function firstAt(lines: readonly AddedLine[], number: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] as AddedLine).number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function classified(
  range: ForeignRange,
  source: ForeignSource,
  at: string,
): Pick<AddedLine, 'class' | 'author' | 'countsAsAi'> {
  const evidence = { evidence: 'inferred', at, rule: foreignRule(source) } as const;
  if (range.class === 'human') {
    const author: HumanAuthor = { origin: 'human', ...evidence };
    return { class: 'human', author, countsAsAi: false };
  }
  const author: AiAuthor = {
    origin: 'ai',
    tool: range.tool ?? source,
    ...(range.model !== undefined && { model: range.model }),
    // As in a record: a session is told apart, not named.
    session: range.session === undefined ? '' : sha256(range.session).slice(0, 16),
    kind: 'agent_action',
    review: 'unseen',
    ...evidence,
  };
  return { class: range.class, author, countsAsAi: range.class === 'ai' || range.mostlyAi === true };
}
