import type { Sign } from '../fact.ts';
import { commandFacts } from './facts.ts';

/** The commands of a makefile's recipes: the lines that begin with a tab, each with its continuations. */
export async function makefileFacts(text: string): Promise<Sign[]> {
  const signs: Sign[] = [];
  const lines = text.split('\n');
  const variables = lines.flatMap((line) => {
    const match = /^(\w+)\s*[:?]?=\s*([\w./-]+)\s*$/.exec(line);
    return match ? [`${match[1]}=${match[2]}`] : [];
  });
  const known = variables.slice(0, 40).join('; ');
  for (let first = 0; first < lines.length; first++) {
    if (!/^\t/.test(lines[first] as string)) continue;
    let last = first;
    while (/\\$/.test(lines[last] as string) && last + 1 < lines.length) last++;
    const script = lines
      .slice(first, last + 1)
      .join('\n')
      .replace(/^\t[@+-]*/, '')
      .replace(/\$\((\w+)\)/g, '$$$1')
      .replaceAll('$$', '$');
    const found = await commandFacts(known === '' ? script : `${known}; ${script}`, first + 1);
    signs.push(...found);
    first = last;
  }
  return signs;
}
