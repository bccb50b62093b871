import { type Facts, noLines } from '../facts.ts';
import type { Rule } from './rule.ts';

/** More than anybody reads with care in one go. */
const manyLines = 1000;
const manyFiles = 50;
/** More than anybody reads. */
const veryManyLines = 5000;
const veryManyFiles = 250;

/** A change too large for one review: 50 beyond 1,000 lines added and deleted or 50 files, 60 beyond 5,000 or 250. */
export const large: Rule = {
  id: 'large',
  find({ size: { count, where }, changedFiles }) {
    if (count <= manyLines && changedFiles <= manyFiles) return [];
    const isVery = count > veryManyLines || changedFiles > veryManyFiles;
    const detail = `${count} lines added or deleted in ${changedFiles === 1 ? '1 file' : `${changedFiles} files`}`;
    const remedy = {
      id: 'split',
      by: 'anyone',
      action: 'commit it in parts that can be reviewed by themselves',
    } as const;
    const resolve = (facts: Facts): Facts => ({ ...facts, size: noLines, changedFiles: 0 });
    return [{ floor: isVery ? 60 : 50, detail, where, remedy, resolve }];
  },
};
