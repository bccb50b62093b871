import type { Replacement } from '../core/written.ts';
import { type SearchReplaceBlock, searchReplaceBlocks } from './searchReplace.ts';

/** The last chat of a history. */
export interface AiderChat {
  /** When it began, in local time, as it is written there; `''` where that is too far back. */
  readonly started: string;
  readonly model?: string;
  readonly edits: readonly AiderEdit[];
}

/** A file that Aider says it has edited. */
export interface AiderEdit {
  /** Relative to the repository's top folder. */
  readonly path: string;
  /** What its blocks put in the place of what; empty where the model writes in another form. */
  readonly replacements: readonly Replacement[];
}

const start = /^# aider chat started at (.+?)\s*$/;
const announced = /^> (?:Main model|Model|Editor model): (\S+) with /;
const applied = /^> Applied edit to (.+?)\s*$/;

/** @param text the end of a history, which may begin in the middle of a chat */
export function lastChat(text: string): AiderChat {
  const all = text.split(/\r?\n/);
  const lines = all.slice(all.findLastIndex((line) => start.test(line)) + 1);
  const started = start.exec(all.findLast((line) => start.test(line)) ?? '')?.[1] ?? '';
  // With two of them the second one writes, and is announced later.
  const model = announced.exec(lines.findLast((line) => announced.test(line)) ?? '')?.[1];
  const paths = new Set(lines.flatMap((line) => applied.exec(line)?.[1] ?? []));
  const replacements = new Map<string, Replacement[]>([...paths].map((path) => [path, []]));
  let last: string | undefined;
  for (const block of searchReplaceBlocks(lines)) {
    // A model may name a file once for several blocks.
    last = pathOf(block, lines, paths) ?? last;
    if (last !== undefined) replacements.get(last)?.push(block.replacement);
  }
  const edits = [...replacements].map(([path, ofPath]) => ({ path, replacements: ofPath }));
  return { started, ...(model !== undefined && { model }), edits };
}

/** The name stands in one of the three lines before a block, with or without marks of Markdown. */
function pathOf(
  { line }: SearchReplaceBlock,
  lines: readonly string[],
  paths: ReadonlySet<string>,
): string | undefined {
  for (const text of lines.slice(Math.max(0, line - 3), line).reverse()) {
    const name = text.replace(/^[\s#*`]+|[\s:*`]+$/g, '');
    if (name === '') continue;
    const found = paths.has(name) ? name : [...paths].find((path) => path.endsWith(`/${name}`));
    if (found !== undefined) return found;
  }
  return undefined;
}
