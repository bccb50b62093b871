import type { Sign } from '../fact.ts';
import type { Hunk } from '../hunks.ts';
import type { Source } from './source.ts';

/** Calls that remove a folder with all that is in it. */
const calls =
  /\b(?:shutil\.rmtree|rmtree|(?:fs|fsp|fsPromises|promises|fse)\.(?:rm|rmSync|rmdir|rmdirSync|remove|removeSync|emptyDir|emptyDirSync)|rm|rmSync|rmdirSync|rimraf(?:\.sync|Sync)?|os\.RemoveAll|FileUtils\.(?:deleteDirectory|deleteQuietly|cleanDirectory|rm_rf|rm_r)|FileSystemUtils\.deleteRecursively|MoreFiles\.deleteRecursively|deleteRecursively|remove_dir_all)\s*\(\s*((?:new\s+File\s*\(|Paths?\.get\s*\(|Path\s*\(|Path\.of\s*\(|path\.join\s*\(|filepath\.Join\s*\(|os\.path\.join\s*\()?)\s*(["'`][^"'`\n]{0,200}["'`]|[A-Za-z_][\w.]{0,80})/g;
/** What no program has for itself: the roots, what is kept, and what belongs to people. */
const precious =
  /^["'`](?:\/(?!tmp\b|var\/tmp\b|var\/cache\b|dev\/shm\b|private\/tmp\b|work(?:space)?\b)|~|\$\{?HOME|[A-Z]:\\)/;

/** Removals of folders that are no program's own: by a path that is written out, in the call or where it gets its name. */
export function removals({ code, isCode, lineAt }: Source, { start, end }: Hunk): Sign[] {
  const signs: Sign[] = [];
  for (const match of code.slice(start, end).matchAll(calls)) {
    const offset = start + match.index;
    const [text, , target = ''] = match;
    const isBare = /^(rm|rmSync)\s*\(/.test(text);
    const isRecursive = !isBare || /recursive/.test(code.slice(offset, offset + 300).split(')')[0] ?? '');
    if (
      !isCode(offset) ||
      !isRecursive ||
      !precious.test(/^["'`]/.test(target) ? target : (writtenValue(code, target) ?? ''))
    )
      continue;
    const line = lineAt(offset);
    signs.push({
      kind: 'sign',
      rule: 'destructive-change',
      pattern: 'files-deleted',
      detail: 'it removes a folder that is not its own',
      subject: text.replace(/\s+/g, ' '),
      line,
      endLine: lineAt(offset + text.length),
    });
  }
  return signs;
}

/** The text that a name is given, where it is written out. */
function writtenValue(code: string, name: string): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const given = new RegExp(
    `\\b${last}\\b(?:\\s*:\\s*\\w+)?\\s*:?=\\s*(?:new\\s+File\\(|Paths?\\.get\\(|Path\\(|Path\\.of\\()?\\s*(["'\`][^"'\`\\n]{0,200}["'\`])`,
  );
  return given.exec(code)?.[1];
}
