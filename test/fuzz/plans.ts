import { historyOperations } from './history.ts';
import { type Operation, operations } from './operations.ts';
import * as sharing from './sharing.ts';
import type { WorldOptions } from './world.ts';

/** What is done in a world, and how often each. */
export interface Plan {
  readonly world: WorldOptions;
  /** Name → weight. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether what HEAD has counts as known: git brings lines that this worktree's pending state has never seen. */
  readonly judgesCommits: boolean;
}

export const planNames = ['edits', 'history'] as const;
export type PlanName = (typeof planNames)[number];

/** All that can be done, by name. */
export const allOperations: Readonly<Record<string, Operation>> = { ...operations, ...historyOperations, ...sharing };

export const plans: Readonly<Record<PlanName, Plan>> = {
  edits: {
    world: { linesPerFile: 8, clone: false },
    judgesCommits: false,
    weights: {
      open: 4,
      close: 1,
      typeLines: 14,
      typeWord: 8,
      deleteLines: 4,
      undo: 7,
      redo: 4,
      cut: 4,
      paste: 5,
      pasteForeign: 3,
      complete: 4,
      format: 4,
      wrap: 2,
      renameSymbol: 2,
      moveLinesUp: 3,
      pause: 4,
      save: 12,
      revert: 1,
      reloadWindow: 0.5,
      agentStep: 34,
      nobody: 14,
      lookAtFile: 5,
      lookAtAll: 0.3,
      otherEditor: 1.5,
      moveFewLines: 0.5,
      removeFile: 0.7,
      recreateFile: 1,
      copyToOtherWorktree: 0.4,
      stash: 0.4,
      unstash: 0.8,
      commit: 0.25,
      switchBranch: 0.12,
      gitMove: 0.7,
    },
  },
  history: {
    world: { linesPerFile: 12, clone: true },
    judgesCommits: true,
    weights: {
      agentAlone: 14,
      nobodyAfterLook: 4,
      otherEditor: 6,
      open: 1,
      close: 0.5,
      typeLines: 5,
      typeWord: 3,
      complete: 2,
      undo: 1,
      pause: 1,
      save: 6,
      gitMove: 0.5,
      stash: 0.7,
      unstash: 1.5,
      commitAll: 6,
      commitTracked: 2,
      commitPath: 2,
      commitHunks: 4,
      amend: 3,
      rebase: 3,
      rebaseInteractive: 4,
      merge: 2,
      mergeSquash: 2,
      cherryPick: 3,
      cherryPickIntoIndex: 1.5,
      revertCommit: 2,
      revertTwice: 0.7,
      reset: 2,
      applyMails: 1,
      changeBranch: 1,
      pull: 2,
      push: 3,
      pushBranch: 2,
      forgeMerge: 2,
    },
  },
};
