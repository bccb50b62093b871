import type { Features, HistoryFeatures } from './features.ts';

/** What the commits so far say of one file. */
export interface FileHistory {
  /** Commits that added or deleted a line of it. */
  readonly changes: number;
  /** When the last of them was made: seconds since 1970. */
  readonly lastChange: number;
  /** Who made them: ids that mean nothing outside the index they are from. */
  readonly developers: readonly number[];
}

/** One file of a change, as far as the features need it. */
export interface FileDelta {
  /** Relative to the top, with `/`. */
  readonly path: string;
  readonly added: number;
  readonly deleted: number;
  /** Lines before the change, 0 for a new file; `undefined`: not known. */
  readonly linesBefore: number | undefined;
  /** Before this change, under the name that the file had then; `undefined` for a file without one. */
  readonly history: FileHistory | undefined;
}

/** When, by whom and what for a change is made. */
export interface ChangeFacts {
  /** Seconds since 1970. */
  readonly time: number;
  /** As in `FileHistory`. */
  readonly developer: number;
  readonly fix: boolean | undefined;
  /** Whether the histories of the files can be relied upon. */
  readonly hasHistory: boolean;
}

const secondsOfDay = 86_400;

/** The features of a change. Files listed apart and binary ones are left out by whoever asks. */
export function featuresOf(deltas: readonly FileDelta[], facts: ChangeFacts): Features {
  const files = deltas.filter(({ added, deleted }) => added + deleted > 0);
  const linesAdded = files.reduce((sum, { added }) => sum + added, 0);
  const linesDeleted = files.reduce((sum, { deleted }) => sum + deleted, 0);
  return {
    linesAdded,
    linesDeleted,
    files: files.length,
    directories: new Set(files.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))).size,
    entropy: entropyOf(files, linesAdded + linesDeleted),
    fileLines: meanLines(files),
    history: facts.hasHistory ? historyOf(files, facts) : undefined,
    fix: facts.fix,
  };
}

/** Shannon's, in bits. */
function entropyOf(files: readonly FileDelta[], total: number): number {
  let entropy = 0;
  for (const { added, deleted } of files) {
    const share = (added + deleted) / total;
    entropy -= share * Math.log2(share);
  }
  // Of one file it would be -0.
  return entropy + 0;
}

function meanLines(files: readonly FileDelta[]): number | undefined {
  let sum = 0;
  for (const { linesBefore } of files) {
    if (linesBefore === undefined) return undefined;
    sum += linesBefore;
  }
  return files.length === 0 ? 0 : sum / files.length;
}

function historyOf(files: readonly FileDelta[], { time, developer }: ChangeFacts): HistoryFeatures {
  if (files.length === 0) return { age: 0, changes: 0, developers: 0 };
  const developers = new Set([developer]);
  let changes = files.length;
  let ages = 0;
  let known = 0;
  for (const { history } of files) {
    if (!history) continue;
    changes += history.changes;
    ages += Math.max(0, time - history.lastChange) / secondsOfDay;
    known++;
    for (const id of history.developers) developers.add(id);
  }
  return { age: known === 0 ? 0 : ages / known, changes, developers: developers.size };
}
