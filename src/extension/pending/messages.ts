import type { PendingChange } from './pendingReader.ts';

/** What the extension host asks the thread that reads pending changes. */
export interface Question {
  readonly id: number;
  /** In the repository. */
  readonly folder: string;
  readonly isFresh: boolean;
}

export type Answer =
  | { readonly id: number; readonly pending: PendingChange }
  | { readonly id: number; readonly error: string };
