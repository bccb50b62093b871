import type { Actions } from '../actions.ts';
import { type AddedLine, countsOf, type FileChange } from '../change.ts';
import { type MissingEvidence, missingEvidence, notAllowed } from '../policy/judgements.ts';
import type { Policy } from '../policy/policy.ts';
import type { Assistant } from '../trailers.ts';
import type { Validations } from '../validation/validation.ts';
import type { Finding, Place } from './content.ts';
import { isCode, isTest } from './fileKinds.ts';
import type { RiskInput, SensitivePath } from './input.ts';

/** Lines of one kind, and where to look for them. */
export interface Lines {
  readonly count: number;
  readonly where: readonly Place[];
}

/** What the rules look at: counts, not lines, so that asking "what if" again costs nothing. */
export interface Facts {
  /** AI lines that nobody has looked at. */
  readonly unseen: Lines;
  /** AI lines that somebody had on screen, and nobody has said to have reviewed. */
  readonly unreviewed: Lines;
  /** Added lines of which nobody is known to be the author. */
  readonly unknown: Lines;
  /** Added lines of code that is no test. */
  readonly code: Lines;
  /** Whether a test goes with the change. */
  readonly hasTest: boolean;
  /** Lines added and deleted. */
  readonly size: Lines;
  readonly changedFiles: number;
  readonly sensitive: readonly SensitivePath[];
  readonly actions: readonly Actions[];
  readonly findings: readonly Finding[];
  readonly validations: Validations;
  /** What the policy requires and is not there. */
  readonly missing: readonly MissingEvidence[];
  /** Assistants that the policy does not let write here, and did. */
  readonly notAllowed: readonly Assistant[];
}

export const noLines: Lines = { count: 0, where: [] };

/** Places named for one factor at most. */
export const maxPlaces = 5;

/** Files that differ: git lists those, too, that were only written anew as they were. */
export function touchedFiles(files: readonly FileChange[]): FileChange[] {
  return files.filter(
    ({ lines, deleted, unattributed, oldPath }) => lines.length > 0 || deleted > 0 || unattributed || oldPath,
  );
}

/** Files that count: those that nobody writes line by line are apart. */
export function countedFiles(files: readonly FileChange[]): FileChange[] {
  return touchedFiles(files).filter(
    (file) => !file.apart && (file.lines.length > 0 || file.deleted > 0 || file.unattributed),
  );
}

export function factsOf(input: RiskInput, policy: Policy): Facts {
  const { files, sensitive, actions, findings, validations = { runs: [], scans: [] } } = input;
  const counted = countedFiles(files);
  const code = counted.filter(({ path }) => isCode(path) && !isTest(path));
  return {
    unseen: linesOf(counted, isUnseen, ({ countsAsAi, seen }) => countsAsAi - seen),
    unreviewed: linesOf(counted, isSeenOnly, ({ seen, reviewed }) => seen - reviewed),
    unknown: linesOf(
      counted,
      (line) => line.class === 'unknown',
      ({ unknown }) => unknown,
    ),
    code: linesOf(
      code,
      () => true,
      ({ added }) => added,
    ),
    hasTest: counted.some(({ path }) => isTest(path)),
    size: {
      count: counted.reduce((sum, file) => sum + countsOf(file).added + file.deleted, 0),
      where: [...counted]
        .sort((a, b) => b.lines.length + b.deleted - a.lines.length - a.deleted)
        .slice(0, maxPlaces)
        .map(({ path }) => ({ path })),
    },
    changedFiles: counted.length,
    sensitive: sensitive ?? [],
    actions: actions ?? [],
    findings: findings ?? [],
    validations,
    missing: missingEvidence(policy, touchedFiles(files), validations),
    notAllowed: policy.assistants.length > 0 ? notAllowed(policy, assistantsOf(files)) : [],
  };
}

/** Whoever of them wrote a line that is still there. */
function* assistantsOf(files: readonly FileChange[]): Generator<Assistant> {
  for (const { author } of files.flatMap(({ lines }) => lines)) if (author?.origin === 'ai') yield author;
}

function reviewOf({ countsAsAi, author }: AddedLine): 'unseen' | 'seen' | 'reviewed' | undefined {
  if (!countsAsAi) return undefined;
  return author?.origin === 'ai' ? author.review : 'unseen';
}

const isUnseen = (line: AddedLine): boolean => reviewOf(line) === 'unseen';
const isSeenOnly = (line: AddedLine): boolean => reviewOf(line) === 'seen';

/**
 * @param select the lines that count
 * @param total how many these are where only the counts of a file were kept
 */
function linesOf(
  files: readonly FileChange[],
  select: (line: AddedLine) => boolean,
  total: (counts: ReturnType<typeof countsOf>) => number,
): Lines {
  let count = 0;
  const where: Place[] = [];
  for (const file of files) {
    const own = file.counts ? total(file.counts) : file.lines.reduce((sum, line) => sum + (select(line) ? 1 : 0), 0);
    if (own === 0) continue;
    count += own;
    if (where.length === maxPlaces) continue;
    const first = file.counts ? undefined : file.lines.find(select);
    where.push(first ? { path: file.path, line: first.number } : { path: file.path });
  }
  return { count, where };
}
