import { type Author, describeUnknown } from './author.ts';
import type { ClassifiedLine } from './lineClass.ts';
import type { LineChange, LineHistory, LineStep } from './lineHistory.ts';
import { assistantName } from './trailers.ts';

/** Text of a file that is quoted is cut to this many characters. */
const maxQuote = 40;

/** `Claude Code (claude-opus-4-5), session 1a2b3c4d…, reported: wrote the line`: a step in one line of plain text. */
export function describeStep({ by, change }: LineStep): string {
  if (change.kind === 'restored') return 'brought back: the file holds again what it held before';
  return `${by ? evidencedName(by) : 'in the editor'}: ${describeChange(change, by)}`;
}

/** The newest steps, at most `max` of them, a line each with its time, the newest last; first what is left out. */
export function describeNewest({ steps, isCut }: LineHistory, max: number): string[] {
  const shown = steps.slice(-max);
  const earlier = steps.length - shown.length;
  return [
    ...(isCut ? [cutHistory] : []),
    ...(earlier > 0 ? [`${earlier} earlier ${earlier === 1 ? 'step' : 'steps'}`] : []),
    ...shown.map((step) => `${step.at === undefined ? 'now' : localTime(step.at)} ${describeStep(step)}`),
  ];
}

/** Said first where a history is not whole. */
export const cutHistory = 'some earlier steps are no longer known';

/** `21 characters by Claude Code, 3 by a person → mixed, counts as AI`: what the line's class is made of. */
export function describeShares(shares: ReadonlyMap<Author, number>, line: ClassifiedLine): string {
  const counts = new Map<string, number>();
  let inHead = 0;
  for (const [author, count] of shares) {
    if (author.origin === 'base') inHead += count;
    else counts.set(name(author), (counts.get(name(author)) ?? 0) + count);
  }
  const parts = [...counts].map(([who, count], i) => `${count}${i === 0 ? characters(count) : ''} by ${who}`);
  if (inHead > 0) parts.push(`${inHead}${parts.length === 0 ? characters(inHead) : ''} that HEAD has, too`);
  const counted = line.class === 'mixed' ? `, ${line.countsAsAi ? 'counts as AI' : 'does not count as AI'}` : '';
  return `${parts.length === 0 ? 'a blank line' : parts.join(', ')} → ${line.class}${counted}`;
}

const characters = (count: number): string => (count === 1 ? ' character' : ' characters');

/** A time (ISO 8601) as the clock here shows it: `2026-11-22 10:02`. */
export function localTime(at: string): string {
  const time = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

function name(author: Author): string {
  switch (author.origin) {
    case 'ai':
      return assistantName(author.tool, author.model);
    case 'human':
      return 'a person';
    case 'tool':
      return plain(author.name);
    case 'unknown':
      return 'nobody known';
    case 'base':
      return 'HEAD';
  }
}

/** Who, and what shows it. */
function evidencedName(author: Author): string {
  const who = name(author);
  if (author.origin === 'base') return who;
  if (author.origin === 'unknown') return `${who} (${describeUnknown(author.reason)})`;
  const session = author.origin === 'ai' ? `, session ${shortened(author.session, 8)}` : '';
  return `${who}${session}, ${author.evidence}${author.rule === undefined ? '' : ` (${plain(author.rule)})`}`;
}

function describeChange(change: Exclude<LineChange, { kind: 'restored' }>, by: Author | undefined): string {
  switch (change.kind) {
    case 'written':
      return `${by?.origin === 'unknown' ? 'brought' : 'wrote'} ${change.text === undefined ? 'the line' : quoted(change.text)}`;
    case 'changed':
      return describeWords(change.removed, change.added);
    case 'respaced':
      return 'changed its white space';
    case 'moved':
      return `moved it from line ${change.from}`;
    case 'joined':
      return `joined lines ${change.from.join(' and ')}`;
    case 'split':
      return `split it off line ${change.from}`;
    case 'claimed':
      return 'is known now to have written it';
    case 'returned':
      return 'what it had written came back';
  }
}

function describeWords(removed: string, added: string): string {
  if (removed === '') return added === '' ? 'changed it' : `put in ${quoted(added)}`;
  return added === '' ? `took out ${quoted(removed)}` : `changed ${quoted(removed)} to ${quoted(added)}`;
}

const quoted = (text: string): string => `"${shortened(text, maxQuote)}"`;

function shortened(text: string, length: number): string {
  const all = [...plain(text)];
  return all.length <= length ? all.join('') : `${all.slice(0, length).join('')}…`;
}

/** On one line, and nothing in it moves a cursor or turns the direction of writing. */
function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '?');
}
