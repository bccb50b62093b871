import type { Features } from './features.ts';

/**
 * What the model has a table for, each made of the features of a change. Where a count only grows with another, it is taken
 * in proportion: how often a file was changed says little without its size, how many people changed it little without how
 * often.
 */
export const measures = [
  'lines-added',
  'lines-deleted',
  'files',
  'directories',
  'entropy',
  'file-lines',
  'age',
  'changes-per-line',
  'people-per-change',
  'fix',
] as const;
export type Measure = (typeof measures)[number];

/** The value of a measure; `undefined` where a feature that it is made of is not known. */
export function measureOf(measure: Measure, features: Features): number | undefined {
  const { files, fileLines, history } = features;
  switch (measure) {
    case 'lines-added':
      return features.linesAdded;
    case 'lines-deleted':
      return features.linesDeleted;
    case 'files':
      return files;
    case 'directories':
      return features.directories;
    case 'entropy':
      return features.entropy;
    case 'file-lines':
      return fileLines;
    case 'age':
      return history?.age;
    case 'changes-per-line':
      // One more line a file: a new file has none.
      return history && fileLines !== undefined ? history.changes / (Math.max(files, 1) * (fileLines + 1)) : undefined;
    case 'people-per-change':
      return history && (history.developers * Math.max(files, 1)) / Math.max(history.changes, 1);
    case 'fix':
      return features.fix === undefined ? undefined : Number(features.fix);
  }
}

/** A measure's value in words, for a person: `412 lines added`. */
export function describeMeasure(measure: Measure, value: number): string {
  switch (measure) {
    case 'lines-added':
      return `${counted(value, 'line', 'lines')} added`;
    case 'lines-deleted':
      return `${counted(value, 'line', 'lines')} deleted`;
    case 'files':
      return counted(value, 'file', 'files');
    case 'directories':
      return counted(value, 'folder', 'folders');
    case 'entropy':
      return value < 0.005
        ? 'the changed lines are in one file'
        : `the changed lines are spread as if evenly over ${short(2 ** value)} files`;
    case 'file-lines':
      return `files of ${counted(Math.round(value), 'line', 'lines')}, on average`;
    case 'age':
      return `files last changed ${counted(Math.round(value), 'day', 'days')} ago, on average`;
    case 'changes-per-line':
      return `files with ${short(1000 * value)} changes per 1,000 lines so far`;
    case 'people-per-change':
      return `files with ${short(value)} different people per change so far`;
    case 'fix':
      return value > 0 ? 'mends something, by its message or branch' : 'mends nothing, by its message or branch';
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Two digits that count. */
function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
