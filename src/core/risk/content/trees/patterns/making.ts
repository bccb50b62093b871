import type { ContentRule } from '../../../content.ts';
import type { Guard, Level, Pin, Sign } from '../../fact.ts';
import { type Entry, isFalse, isTrue, plainName, type Tree, textOf } from '../tree.ts';
import type { Position, TreePattern } from '../visit.ts';

/** A short form of what a tree says, for telling whether it was there before. */
export function written(tree: Tree): string {
  if (tree.kind === 'scalar') return String(tree.value).slice(0, 200);
  if (tree.kind === 'list') return `[${tree.items.map(written).join(',')}]`.slice(0, 400);
  return `{${tree.entries.map(({ key, value }) => `${key}:${written(value)}`).join(',')}}`.slice(0, 400);
}

function subjectOf({ key, value }: Entry, { path }: Position): string {
  return `${path.join('/')}/${plainName(key)}=${written(value)}`;
}

type Place = Pick<Entry, 'key' | 'value' | 'line' | 'endLine'>;

export function sign(rule: ContentRule, pattern: string, detail: string, place: Place, position: Position): Sign {
  const { line, endLine } = place;
  return { kind: 'sign', rule, pattern, detail, subject: subjectOf(place, position), line, endLine };
}

export function guard(rule: ContentRule, pattern: string, detail: string, place: Place, subject: string): Guard {
  return { kind: 'guard', rule, pattern, detail, subject, line: place.line, endLine: place.endLine };
}

export function pin(rule: ContentRule, pattern: string, detail: string, place: Place, subject: string): Pin {
  return {
    kind: 'pin',
    rule,
    pattern,
    detail,
    subject,
    value: written(place.value),
    line: place.line,
    endLine: place.endLine,
  };
}

export function level(
  rule: ContentRule,
  pattern: string,
  detail: string,
  place: Place,
  subject: string,
  value: number,
): Level {
  return { kind: 'level', rule, pattern, detail, subject, value, line: place.line, endLine: place.endLine };
}

interface Switch {
  readonly rule: ContentRule;
  readonly pattern: string;
  readonly keys: readonly string[];
  readonly detail: string;
  readonly documents?: TreePattern['documents'];
}

/** A key that is risky where it has a value. */
export function keyed(given: Switch, isRisky: (value: Tree, position: Position, entry: Entry) => boolean): TreePattern {
  return {
    keys: given.keys,
    ...(given.documents && { documents: given.documents }),
    facts: (found, _map, position) =>
      isRisky(found.value, position, found) ? [sign(given.rule, given.pattern, given.detail, found, position)] : [],
  };
}

export const whenTrue = (given: Switch): TreePattern => keyed(given, isTrue);
export const whenFalse = (given: Switch): TreePattern => keyed(given, isFalse);

/** A key whose text is one of these, or of a list one of whose texts is. */
export function whenText(given: Switch, text: RegExp): TreePattern {
  return keyed(given, (value) =>
    value.kind === 'list' ? value.items.some((item) => text.test(textOf(item) ?? '')) : text.test(textOf(value) ?? ''),
  );
}

/** A key whose value protects: where it goes, the protection does. */
export function protects(given: Switch, isProtecting: (value: Tree) => boolean): TreePattern {
  return {
    keys: given.keys,
    ...(given.documents && { documents: given.documents }),
    facts: (found, _map, position) =>
      isProtecting(found.value)
        ? [guard(given.rule, given.pattern, given.detail, found, `${position.path.join('/')}/${plainName(found.key)}`)]
        : [],
  };
}
