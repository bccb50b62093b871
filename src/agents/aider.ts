import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { applyWritten, type Replacement } from '../core/written.ts';
import { type AiderEdit, lastChat } from './aiderHistory.ts';
import { aiderHistoryFile } from './aiderHistoryFile.ts';
import { type Assistant, absolutePath, type Environment, PayloadError } from './assistant.ts';
import { isModel, readPart } from './transcript.ts';

/** `cwd` is the repository's top folder, or one below it. */
const Payload = v.object({ cwd: v.optional(v.string()) });

/** How much of a history's end is read, and of a file, in bytes. */
const maxHistory = 256 * 1024;
const maxFile = 4 * 1024 * 1024;

/**
 * Aider. It runs no hooks, but keeps what it was told and what it wrote in a history, and commits by itself: our git hooks
 * ask at each commit. What its blocks say is looked up in the file as it is, so that nothing else is given to it.
 */
export const aider: Assistant = {
  id: 'aider',
  title: 'Aider',
  normalise(value, environment) {
    const result = v.safeParse(Payload, value);
    if (!result.success)
      throw new PayloadError("the payload for Aider has no usable cwd: {} or {'cwd': …}; not recorded");
    const cwd = result.output.cwd ?? process.cwd();
    const history = environment['AIDER_CHAT_HISTORY_FILE'] ?? findAbove(cwd, aiderHistoryFile);
    const chat = history === undefined ? undefined : readPart(history, maxHistory, 'end');
    if (history === undefined || chat === undefined) return { event: 'none' };
    const { started, model, edits } = lastChat(chat);
    const top = path.dirname(path.resolve(cwd, history));
    const found = edits.flatMap((edit) => editOf(edit, top, isItsCommit(environment)));
    if (found.length === 0) return { event: 'none' };
    const actor = { tool: 'aider', ...(isModel(model) && { model }), session: started, kind: 'chat' } as const;
    return { event: 'after-edit', actor, edits: found };
  },
  hooks: {
    form: 'yaml',
    folder: (home) => path.join(home, '.aider'),
    file: (home) => path.join(home, '.aider.conf.yml'),
    values: () => [{ key: ['git-commit-verify'], value: true }],
    remark:
      "Aider commits with git's hooks switched off; now all of them run, and its commits get trailers, not only a note.",
  },
};

/** Aider puts its mark behind the author's name where the change is its own, unless it was told not to. */
function isItsCommit(environment: Environment): boolean {
  return environment['GIT_AUTHOR_NAME']?.endsWith(' (aider)') === true;
}

function editOf({ path: name, replacements }: AiderEdit, top: string, isCommitted: boolean): FileEdit[] {
  const file = absolutePath(name, top);
  // A commit of its own holds nothing but what it wrote: what was there before, it has committed before.
  const difference = isCommitted ? [{ file }] : [];
  if (replacements.length === 0) return difference;
  const now = readText(file);
  const found = now === undefined ? undefined : foundIn(now, replacements);
  return found
    ? [{ file, before: found.before, written: { form: 'replacements', replacements: found.replacements } }]
    : [];
}

/** What of it the file holds now, each text once, and the file without it; `undefined` where that does not fit together. */
function foundIn(
  now: string,
  replacements: readonly Replacement[],
): { before: string; replacements: Replacement[] } | undefined {
  const found: Replacement[] = [];
  let before = now;
  for (const { oldText, newText } of replacements.map((one) => withLineBreaks(one, now)).reverse()) {
    const at = before.indexOf(newText);
    if (newText === '' || at < 0 || before.indexOf(newText, at + 1) >= 0) continue;
    before = before.slice(0, at) + oldText + before.slice(at + newText.length);
    found.unshift({ oldText, newText, all: false });
  }
  const fits = found.length > 0 && applyWritten(before, { form: 'replacements', replacements: found }) === now;
  return fits ? { before, replacements: found } : undefined;
}

function withLineBreaks({ oldText, newText, all }: Replacement, text: string): Replacement {
  if (!text.includes('\r\n')) return { oldText, newText, all };
  return { oldText: oldText.replaceAll('\n', '\r\n'), newText: newText.replaceAll('\n', '\r\n'), all };
}

function findAbove(folder: string, name: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, name);
    if (existsSync(file)) return file;
    if (at === path.dirname(at)) return undefined;
  }
}

/** `undefined` where there is no such file, or one that is too large. */
function readText(file: string): string | undefined {
  try {
    return statSync(file).size > maxFile ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined; // Aider may have edited it, and somebody deleted it
  }
}
