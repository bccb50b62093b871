import type { Sign } from '../fact.ts';
import { assignedSecrets } from './assignments.ts';

/** Lines with nothing of this hold no secret that either way of looking knows. */
const longRun = /[\w+/=.~!@#$%^&*-]{6,}/;

/** The secrets on some lines of a text. The scanner is loaded for texts of which one of these lines could hold one. */
export async function secretFacts(text: string, path: string, lines: readonly number[]): Promise<Sign[]> {
  const all = text.split('\n');
  const looked = lines.flatMap((number) => {
    const line = all[number - 1];
    return line !== undefined && longRun.test(line) ? [{ number, text: line }] : [];
  });
  if (looked.length === 0) return [];
  const assigned = assignedSecrets(looked, path);
  const known = new Set(assigned.map(({ line }) => line));
  const { scannedSecrets } = await import('./scanner.ts');
  const scanned = await scannedSecrets(text, path);
  return [...assigned, ...scanned.filter(({ line }) => !known.has(line))];
}
