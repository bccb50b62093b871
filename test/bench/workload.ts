import type { Author } from '../../src/core/author.ts';
import type { Run } from '../../src/core/runs.ts';
import { RunMap } from '../../src/core/runs.ts';
import { Random } from '../fuzz/random.ts';
import { ai, formatter, person } from '../support/authors.ts';

/** Lines as a program has them: nested, some blank, many braces and returns that are the same. Without line breaks. */
export function sourceLines(count: number, seed = 1): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const indent = '  '.repeat(random.below(4));
    const kind = random.below(10);
    if (kind === 0) return '';
    if (kind === 1) return `${indent}}`;
    if (kind === 2) return `${indent}return undefined;`;
    return `${indent}${statement(random, i)}`;
  });
}

/** `share` of the lines replaced: some words of each, or the whole line, or taken out, or another put before it. */
export function changedLines(lines: readonly string[], share: number, seed = 2): string[] {
  const random = new Random(seed);
  return lines.flatMap((line, i) => {
    if (random.next() >= share) return [line];
    switch (random.below(4)) {
      case 0:
        return [];
      case 1:
        return [line, statement(random, i)];
      case 2:
        return [statement(random, i)];
      default:
        return [line.includes('(') ? line.replace('(', `(changed${i}, `) : `${line} // changed ${i}`];
    }
  });
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** `count` runs over a text, by some hundred authors as a month of several assistants' sessions makes them. */
export function attribution(textLength: number, count: number, seed = 3): RunMap {
  const random = new Random(seed);
  const authors: Author[] = Array.from({ length: 300 }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString();
    const session = `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    if (i % 3 === 0) return ai(session, { at });
    return i % 3 === 1 ? { ...person, at } : { ...formatter, at };
  });
  let last = -1;
  const runs = Array.from({ length: count }, (_, i): Run => {
    const start = Math.floor((i * textLength) / count);
    const end = Math.floor(((i + 1) * textLength) / count);
    // Never the same twice: two runs by one author would be one.
    last = (last + 1 + random.below(authors.length - 1)) % authors.length;
    return { length: end - start, author: authors[last] as Author };
  });
  return RunMap.from(runs);
}

function statement(random: Random, i: number): string {
  return `const name${random.below(5_000)} = call${random.below(500)}(value${i}, 'text ${random.below(1_000)}');`;
}
