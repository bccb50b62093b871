/**
 * What the model knows of a change before it is committed: sizes, its spread, and the history of the files that it touches.
 * The measures of Kamei et al., "A large-scale empirical study of just-in-time quality assurance", IEEE TSE 39(6), 2013,
 * without those of the author's experience: people are not scored. Files listed apart and binary files do not count.
 */
export interface Features {
  readonly linesAdded: number;
  readonly linesDeleted: number;
  /** Those with a line added or deleted: a file that was only renamed, or changed its mode, does not count. */
  readonly files: number;
  /** Folders that hold such a file, the top of the repository among them. */
  readonly directories: number;
  /** How evenly the changed lines (added and deleted) are spread over the files: Shannon's entropy, in bits. */
  readonly entropy: number;
  /** Lines of a touched file before the change, on average; a new file counts as 0. `undefined`: not known. */
  readonly fileLines: number | undefined;
  /** What the history of the touched files says; `undefined` where no index was there in time. */
  readonly history: HistoryFeatures | undefined;
  /** Whether the change mends something, by its message or branch; `undefined` where neither is known. */
  readonly fix: boolean | undefined;
}

export interface HistoryFeatures {
  /** Days since a touched file was changed last, on average over those that were there before; 0 for none. */
  readonly age: number;
  /** Commits that changed a touched file, this one included, summed over the files: `nuc` of the training data. */
  readonly changes: number;
  /**
   * Different people who have changed a touched file, whoever makes this change included: `ndev` of the training data. A
   * count alone: who they are is not kept.
   */
  readonly developers: number;
}
