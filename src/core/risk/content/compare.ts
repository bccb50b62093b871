import type { ChangedFile, Finding } from '../content.ts';
import type { Fact, Guard, Level, Pin, Sign } from './fact.ts';

/** What the two texts of a file say. */
export interface FileFacts {
  readonly file: ChangedFile;
  readonly before: readonly Fact[];
  readonly after: readonly Fact[];
}

/** A line that is shorter could stand in two files for reasons of their own: then it was not moved. */
const minMovedSubject = 20;
/** Pairs of facts of a file that are looked at for what was re-indented; of a file with more nothing counts as that. */
const maxNestedPairs = 250_000;

/** What the change brings: risks that were not there before, and protections that are gone or less. */
export function findingsOf(changes: readonly FileFacts[]): Finding[] {
  const kept = new Set(changes.flatMap(({ after }) => after.map(identity)));
  const gone = goneSigns(changes);
  return changes.flatMap(({ file, before, after }) => {
    const added = new Set(file.added);
    const removed = new Set(file.removed);
    const formerly = new Map(before.map((fact) => [identity(fact), fact]));
    const newGuards =
      before.length * after.length > maxNestedPairs
        ? []
        : after.filter((fact) => fact.kind === 'guard' && !formerly.has(identity(fact))).map(identity);
    return [
      ...newSigns(
        before,
        after,
        gone,
        (sign) => touches(sign, added) || (sign.byRemoval === true && removed.size > 0),
      ).filter(({ unless }) => !unless || !formerly.has(identity({ ...unless, kind: 'sign' }))),
      ...after.filter((fact) => isLess(fact, formerly.get(identity(fact))) && touches(fact, added)),
    ]
      .map((fact): Finding => found(file, fact, firstTouched(fact, file.added)))
      .concat(
        before
          .filter((fact): fact is Guard => fact.kind === 'guard')
          .filter((guard) => guard.onlyKeeps !== true && !kept.has(identity(guard)) && touches(guard, removed))
          .filter((guard) => !newGuards.some((key) => isNested(key, identity(guard))))
          .map((guard) => found(file, guard, undefined)),
      );
  });
}

/** Whether two facts are the same of a document, but for levels that are put around one of them, or taken away. */
function isNested(one: string, other: string): boolean {
  const [[head, shorter], [otherHead, longer]] =
    one.length < other.length ? [split(one), split(other)] : [split(other), split(one)];
  return head === otherHead && longer.endsWith(shorter.startsWith('/') ? shorter : `/${shorter}`);
}

/** A key of `identity`: its kind and pattern, and its subject. */
function split(key: string): readonly [head: string, subject: string] {
  const end = key.indexOf(' ', key.indexOf(' ') + 1);
  return [key.slice(0, end), key.slice(end + 1)];
}

function found(file: ChangedFile, { rule, pattern, detail }: Fact, line: number | undefined): Finding {
  return { rule, pattern, detail, where: { path: file.path, ...(line !== undefined && { line }) } };
}

function identity({ kind, pattern, subject }: Pick<Fact, 'kind' | 'pattern' | 'subject'>): string {
  return `${kind} ${pattern} ${subject}`;
}

/** Where a person sees best what it is about: on a line of the change, if the fact has one. */
function firstTouched({ line, endLine = line }: Fact, added: readonly number[]): number {
  return added.find((each) => each >= line && each <= endLine) ?? line;
}

/** Whether a fact stands on one of these lines. */
export function touches({ line, endLine = line }: Fact, lines: ReadonlySet<number>): boolean {
  if (endLine - line > lines.size) return [...lines].some((each) => each >= line && each <= endLine);
  for (let each = line; each <= endLine; each++) if (lines.has(each)) return true;
  return false;
}

/** Of each sign as many as there are more of it than before; those first that stand on lines of the change. */
function newSigns(
  before: readonly Fact[],
  after: readonly Fact[],
  gone: Map<string, number>,
  isBrought: (sign: Sign) => boolean,
): Sign[] {
  const left = countSigns(before);
  const isBounded = left.size * after.length <= maxNestedPairs;
  const takeNested = (key: string): boolean => {
    if (!isBounded) return false;
    const other = [...left].find(([each, count]) => count > 0 && isNested(each, key))?.[0];
    return other !== undefined && take(left, other);
  };
  const signs = after.filter((fact): fact is Sign => fact.kind === 'sign');
  // What stands on untouched lines takes its own counterpart; what is left of those is for what was moved.
  const [brought, untouched] = [signs.filter(isBrought), signs.filter((sign) => !isBrought(sign))];
  for (const sign of untouched) take(left, identity(sign));
  // Each takes what is its own before any takes what was a level above or below.
  return brought
    .filter((sign) => !take(left, identity(sign)))
    .filter((sign) => {
      const key = identity(sign);
      return !takeNested(key) && !(sign.subject.length >= minMovedSubject && take(gone, key));
    });
}

/** Signs that other files of the change no longer have: what moved from there is nothing new. */
function goneSigns(changes: readonly FileFacts[]): Map<string, number> {
  const gone = new Map<string, number>();
  for (const { before, after } of changes) {
    const left = countSigns(after);
    for (const [key, count] of countSigns(before)) {
      const fewer = count - (left.get(key) ?? 0);
      if (fewer > 0) gone.set(key, (gone.get(key) ?? 0) + fewer);
    }
  }
  return gone;
}

function countSigns(facts: readonly Fact[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const fact of facts) {
    if (fact.kind === 'sign') counts.set(identity(fact), (counts.get(identity(fact)) ?? 0) + 1);
  }
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

function isLess(fact: Fact, formerly: Fact | undefined): fact is Level | Pin {
  if (fact.kind === 'level') return formerly?.kind === 'level' && fact.value < formerly.value;
  return fact.kind === 'pin' && formerly?.kind === 'pin' && fact.value !== formerly.value;
}
