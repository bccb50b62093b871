import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandClass, commandClasses } from '../../../src/core/commands/classes.ts';
import type { Surroundings } from '../../../src/core/commands/simpleCommand.ts';

export interface Labelled {
  readonly command: string;
  readonly classes: readonly CommandClass[];
}

/** Where the listed commands run. */
export const surroundings: Surroundings = {
  folder: '/home/dev/project',
  top: '/home/dev/project',
  home: '/home/dev',
  temporary: ['/tmp'],
};

/** The commands of a list; `labelled.txt` says what their classes mean. */
export function readLabelled(list: 'labelled.txt' | 'later.txt' = 'labelled.txt'): Labelled[] {
  const lines = readFileSync(path.join(__dirname, list), 'utf8').split('\n');
  const labelled: { command: string; classes: CommandClass[] }[] = [];
  let classes: CommandClass[] | undefined;
  for (const line of lines) {
    if (line.startsWith('= ')) {
      const names = line.slice(2).split(', ');
      classes = commandClasses.filter((each) => names.includes(each));
      if (classes.length !== names.length) throw new Error(`a heading names no class: ${line}`);
    } else if (classes && line.startsWith('|')) {
      const last = labelled.at(-1);
      if (last) last.command += `\n${line.slice(2)}`;
    } else if (classes && line !== '') labelled.push({ command: line, classes });
  }
  return labelled;
}

/** A third that no rule was written for, chosen by what the commands are alone. */
export function isHeldOut({ command }: Labelled): boolean {
  return (createHash('sha256').update(command).digest()[0] as number) % 3 === 0;
}
