import type { FileEdit } from '../core/assistantEvent.ts';
import type { PatchHunk } from '../core/written.ts';
import { absolutePath } from './assistant.ts';

/** One file of an `apply_patch` text, as Codex and other programs for GPT models use it. */
export type PatchedFile =
  | { readonly action: 'add'; readonly path: string; readonly text: string }
  | {
      readonly action: 'update';
      readonly path: string;
      readonly movedTo?: string;
      readonly hunks: readonly PatchHunk[];
    }
  | { readonly action: 'delete'; readonly path: string };

const header = /^\*\*\* (Add|Update|Delete) File: (.+)$/;

/** Parses `*** Begin Patch` … `*** End Patch`. What stands before the first file's header is passed over. */
export function parsePatch(text: string): PatchedFile[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const end = lines.lastIndexOf('*** End Patch');
  const starts = lines.flatMap((line, i) => (header.test(line) && (end < 0 || i < end) ? [i] : []));
  return starts.map((start, i) => parseFile(lines.slice(start, starts[i + 1] ?? (end < 0 ? undefined : end))));
}

function parseFile([head = '', ...body]: readonly string[]): PatchedFile {
  const [, action, path = ''] = header.exec(head) ?? [];
  if (action === 'Delete') return { action: 'delete', path };
  if (action === 'Add') {
    const added = body.filter((line) => line.startsWith('+')).map((line) => `${line.slice(1)}\n`);
    return { action: 'add', path, text: added.join('') };
  }
  const movedTo = body.map((line) => /^\*\*\* Move to: (.+)$/.exec(line)?.[1]).find((target) => target !== undefined);
  return { action: 'update', path, ...(movedTo !== undefined && { movedTo }), hunks: parseHunks(body) };
}

function parseHunks(body: readonly string[]): PatchHunk[] {
  const hunks: { heading: string; oldLines: string[]; newLines: string[] }[] = [];
  for (const line of body) {
    if (line.startsWith('@@')) hunks.push({ heading: line.slice(2).trim(), oldLines: [], newLines: [] });
    if (!/^[ +-]|^$/.test(line)) continue;
    // The first hunk may do without its `@@`; an empty line is context whose blank was trimmed.
    if (hunks.length === 0) hunks.push({ heading: '', oldLines: [], newLines: [] });
    const hunk = hunks.at(-1);
    if (!line.startsWith('+')) hunk?.oldLines.push(line.slice(1));
    if (!line.startsWith('-')) hunk?.newLines.push(line.slice(1));
  }
  return hunks;
}

/** What a patch writes; paths in it are relative to `cwd`. */
export function editsOfPatch(text: string, cwd: string): FileEdit[] {
  return parsePatch(text).flatMap((file) => editOf(file, cwd));
}

const shellPatch = /^\s*(?:cd\s+(['"]?)([^\s'"]+)\1\s*&&\s*)?apply_patch\s*<<\s*(['"]?)(\w+)\3\n(.*)\n\4\s*$/s;

/**
 * What a command writes that is nothing but a patch given to the shell, which Codex carries out itself, without an
 * after-hook; `undefined` for every other command.
 */
export function editsOfShellPatch(command: string, cwd: string): FileEdit[] | undefined {
  const [, , folder = '', , , patch] = shellPatch.exec(command) ?? [];
  return patch === undefined ? undefined : editsOfPatch(patch, absolutePath(folder, cwd));
}

function editOf(file: PatchedFile, cwd: string): FileEdit[] {
  switch (file.action) {
    case 'add':
      return [{ file: absolutePath(file.path, cwd), written: { form: 'content', text: file.text } }];
    case 'update':
      // What a patch moves is found by its content; what it writes on the way is the difference to it.
      if (file.movedTo !== undefined) {
        return [{ file: absolutePath(file.path, cwd) }, { file: absolutePath(file.movedTo, cwd) }];
      }
      return [{ file: absolutePath(file.path, cwd), written: { form: 'patch', hunks: file.hunks } }];
    case 'delete':
      return [{ file: absolutePath(file.path, cwd) }];
  }
}
