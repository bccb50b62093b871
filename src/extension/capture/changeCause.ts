import type { EditKind } from '../../core/author.ts';

/** What made a document change, as far as the editor tells. */
export type ChangeCause =
  /** A person's keys. `inferred` where only the shape of the change speaks for it. */
  | { readonly cause: 'typed'; readonly evidence: 'observed' | 'inferred' }
  /** A person's cut: the clipboard now holds what it took out. */
  | { readonly cause: 'cut' }
  /** An assistant that writes through the editor. */
  | {
      readonly cause: 'ai';
      readonly tool: string;
      readonly model?: string;
      readonly session?: string;
      readonly kind: EditKind;
    }
  /** The editor's machinery at a person's command. */
  | { readonly cause: 'tool'; readonly name: string }
  /** Text that was there before comes back (undo, redo, a rejected suggestion). */
  | { readonly cause: 'restored' }
  /** From the clipboard: what was cut in this window a moment ago, or unknown. */
  | { readonly cause: 'pasted' }
  /** The file changed on disk and was read again. */
  | { readonly cause: 'reloaded' }
  | { readonly cause: 'unknown' };

/** One replacement, offsets in UTF-16 code units of the text before the event. */
export interface TextChange {
  readonly offset: number;
  readonly deleted: number;
  readonly text: string;
}

/** What is known of a change event. */
export interface ChangeEvent {
  readonly undoOrRedo: boolean;
  /** The proposed API's account, absent in editors that do not give it. */
  readonly detailed: { readonly source: string; readonly metadata: Readonly<Record<string, unknown>> } | undefined;
  readonly changes: readonly TextChange[];
  /** Whether the document differs from its file after the change. */
  readonly isDirty: boolean;
  /** Offsets of the selection in the active editor before the change, where this document is the one being edited. */
  readonly selection: { readonly start: number; readonly end: number } | undefined;
}

/** Sources and metadata are VS Code's (`textModelEditSource.ts`), seen in 1.105 and 1.139. */
export function causeOf(event: ChangeEvent): ChangeCause {
  if (event.undoOrRedo) return { cause: 'restored' };
  return event.detailed ? detailedCause(event.detailed, event.changes) : plainCause(event);
}

function detailedCause(
  { source, metadata }: NonNullable<ChangeEvent['detailed']>,
  changes: readonly TextChange[],
): ChangeCause {
  switch (source) {
    case 'cursor':
      return cursorCause(metadata, changes);
    case 'inlineCompletionAccept':
    case 'inlineCompletionPartialAccept':
      return assistant(metadata, 'tab_autocomplete');
    case 'inlineChat.applyEdits':
      return assistant(metadata, 'inline_edit');
    case 'Chat.applyEdits':
      return assistant(metadata, 'agent_action');
    case 'Chat.undoEdits':
    case 'Chat.reset':
      return { cause: 'restored' };
    case 'reloadFromDisk':
      return { cause: 'reloaded' };
    case 'snippet':
    case 'suggest':
    case 'codeAction':
    case 'rename':
      return { cause: 'tool', name: source };
    case 'eolChange':
      return { cause: 'tool', name: 'line ends' };
    case 'unknown':
      return metadata['name'] === 'formatEditsCommand' ? { cause: 'tool', name: 'formatter' } : { cause: 'unknown' };
    default:
      return { cause: 'unknown' };
  }
}

function cursorCause(metadata: Readonly<Record<string, unknown>>, changes: readonly TextChange[]): ChangeCause {
  switch (metadata['kind']) {
    case 'type':
    case 'compositionType':
    case 'compositionEnd':
      return { cause: 'typed', evidence: 'observed' };
    case 'cut':
      return { cause: 'cut' };
    case 'paste':
      return { cause: 'pasted' };
    case 'executeCommand':
    case 'executeCommands':
      // Backspace, Tab, Delete Line: keys that only take out or put in white space. Others move, copy or comment.
      if (changes.every((change) => change.text.trim() === '')) return { cause: 'typed', evidence: 'observed' };
      return { cause: 'tool', name: text(metadata['detailedSource']) ?? 'editor command' };
    default:
      return { cause: 'unknown' };
  }
}

/** Without an extension behind it, an inline completion is the editor's own and says nothing of AI. */
function assistant(metadata: Readonly<Record<string, unknown>>, kind: EditKind): ChangeCause {
  const extension = text(metadata['$extensionId']);
  if (extension === undefined)
    return kind === 'tab_autocomplete' ? { cause: 'tool', name: 'inline completion' } : { cause: 'unknown' };
  const model = text(metadata['$modelId'])?.replaceAll('|', '/');
  const session = text(metadata['$$sessionId']);
  return {
    cause: 'ai',
    tool: /^github\.copilot(-chat)?$/i.test(extension) ? 'copilot' : extension,
    ...(model !== undefined && { model }),
    ...(session !== undefined && { session }),
    kind,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Without the editor's account: a change that has just the shape of a key at the cursor is inferred to be typed (the
 * document is not yet dirty at the first one). Another one that leaves the document clean came from disk; the rest is
 * unknown.
 */
function plainCause({ changes, isDirty, selection }: ChangeEvent): ChangeCause {
  if (selection && changes.length === 1 && changes.every((change) => isKeyAt(change, selection))) {
    return { cause: 'typed', evidence: 'inferred' };
  }
  return { cause: isDirty ? 'unknown' : 'reloaded' };
}

function isKeyAt({ offset, deleted, text }: TextChange, { start, end }: { start: number; end: number }): boolean {
  const replacesSelection = offset === start && offset + deleted === end;
  if (text !== '') return replacesSelection && isOneKey(text);
  // Backspace or Delete of one character (two code units at most), or of the selection.
  const besideCursor = start === end && deleted <= 2 && (offset + deleted === start || offset === start);
  return besideCursor || (replacesSelection && deleted > 0);
}

const pairs = new Set(['()', '[]', '{}', '""', "''", '``', '<>']);

/** One character, a pair that closes itself, or a line break with its indentation. */
function isOneKey(inserted: string): boolean {
  return [...inserted].length === 1 || pairs.has(inserted) || /^\r?\n[ \t]*$/.test(inserted);
}
