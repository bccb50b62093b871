import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { classifyCommand } from '../../src/core/commands/classify.ts';
import { readLabelled, surroundings } from '../unit/commands/labelled.ts';
import type { Figure } from './figure.ts';
import { measureTime } from './paired.ts';

const classifier = path.join(__dirname, '../../dist/classifier.js');
const loads = 21;

/** What telling a command's classes costs: each of the listed commands, and what a hook loads for the first one. */
export function measure(): Promise<Figure[]> {
  const commands = readLabelled().map(({ command }) => command);
  const all = measureTime(() => commands.map((command) => classifyCommand(command, surroundings)), {
    runs: 21,
    warmUp: 3,
  });
  return Promise.resolve([
    { name: 'classify one command', value: all.median / commands.length, unit: 'ms', limit: 1, noise: all.noise },
    loadTime(),
  ]);
}

/** In a process of its own, as a hook has it: the bundle, and the first command. */
function loadTime(): Figure {
  const script = `
    const began = process.hrtime.bigint();
    const { classifyCommand } = require(${JSON.stringify(classifier)});
    classifyCommand('cd web && npm test', ${JSON.stringify(surroundings)});
    console.log(Number(process.hrtime.bigint() - began) / 1e6);`;
  const times = Array.from({ length: loads }, () => Number(execFileSync(process.execPath, ['-e', script]))).sort(
    (a, b) => a - b,
  );
  return {
    name: 'load the classifier and classify a first command',
    value: times[Math.floor(loads / 2)] as number,
    unit: 'ms',
    noise: `${times[0]?.toFixed(1)} to ${times.at(-1)?.toFixed(1)} ms over ${loads} processes`,
  };
}
