import { describeApart } from '../../apart.ts';
import type { ChangedFile, Finding } from '../content.ts';
import { languageOf } from './code/source.ts';
import { type FileFacts, findingsOf, touches } from './compare.ts';
import { manifestOf } from './dependencies/manifests.ts';
import type { Fact } from './fact.ts';
import { treeFormatOf } from './trees/format.ts';
import { UnreadableError } from './unreadable.ts';

/** In UTF-16 units: what a file may have, and all of them together; a longer line is no work of a person. */
export const maxFileLength = 1_000_000;
export const maxTotalLength = 24_000_000;
export const maxLineLength = 20_000;
/** Files with changed lines that are looked at. */
export const maxFiles = 2_000;

/** How a reason begins where the rules themselves failed, and not what they read. */
export const ownFault = 'a fault of Countersign';

/** A file that the rules did not look at, or not with all they have. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface ContentFindings {
  /** By file, in the order of the files. */
  readonly findings: Finding[];
  readonly skipped: Skipped[];
}

/**
 * What a change brings that the rules on content tell of. Each parser is loaded when a file asks for it. Time is bounded
 * by the limits above: what is beyond them, and what lies apart (generated, vendored, resolved by a package manager), is
 * in `skipped`. Never throws for what stands in a file.
 */
export async function contentFindings(files: readonly ChangedFile[]): Promise<ContentFindings> {
  const skipped: Skipped[] = [];
  const changes: FileFacts[] = [];
  let total = 0;
  for (const file of files) {
    if (file.added.length === 0 && file.removed.length === 0) continue;
    const length = (file.before?.length ?? 0) + (file.after?.length ?? 0);
    const reason = reasonToSkip(file, changes.length, total + length);
    if (reason !== undefined) {
      skipped.push({ path: file.path, reason });
      continue;
    }
    total += length;
    const after = await factsOf(file.path, file.after, file.added, skipped);
    const before = needsBefore(file, after)
      ? await factsOf(file.oldPath ?? file.path, file.before, file.removed, skipped)
      : [];
    const language = languageOf(file.path);
    if (language !== undefined && !isTest(file.path) && file.removed.length > 0)
      after.push(...(await import('./code/lostChecks.ts')).lostChecks(file, language));
    changes.push({ file, before, after });
  }
  return { findings: findingsOf(changes), skipped };
}

/** Where no line goes and none of what comes says anything, the text before has nothing to be compared with. */
function needsBefore({ added, removed }: ChangedFile, after: readonly Fact[]): boolean {
  if (removed.length > 0) return true;
  const lines = new Set(added);
  return after.some((fact) => touches(fact, lines));
}

function reasonToSkip(
  { apart, before = '', after = '' }: ChangedFile,
  looked: number,
  total: number,
): string | undefined {
  if (apart !== undefined) return describeApart(apart);
  if (looked >= maxFiles) return `more than ${maxFiles} files`;
  if (Math.max(before.length, after.length) > maxFileLength) return `longer than ${maxFileLength} characters`;
  if (total > maxTotalLength) return `more than ${maxTotalLength} characters in all`;
  return hasLongLine(after) || hasLongLine(before) ? `a line longer than ${maxLineLength} characters` : undefined;
}

function hasLongLine(text: string): boolean {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    if (end - start > maxLineLength) return true;
    start = end + 1;
  }
  return text.length - start > maxLineLength;
}

/** What one text says, around the lines that the change touches where that is all there is to know. */
export async function factsOf(
  path: string,
  text: string | undefined,
  lines: readonly number[],
  skipped: Skipped[],
): Promise<Fact[]> {
  if (text === undefined) return [];
  const facts: Fact[] = [];
  const skip = (reason: string): void => {
    if (!skipped.some((each) => each.path === path)) skipped.push({ path, reason });
  };
  const look = async (facet: () => Promise<readonly Fact[]>): Promise<void> => {
    try {
      facts.push(...(await facet()));
    } catch (error) {
      // The other files still count, whoever is to blame; but a fault of ours is not said to be the text's.
      skip(`${isOfText(error) ? 'it could not be read' : ownFault}: ${messageOf(error)}`);
    }
  };
  const manifest = manifestOf(path);
  if (manifest) await look(() => manifest(text));
  if (path.endsWith('.go') && text.includes('+kubebuilder:rbac:'))
    await look(async () => (await import('./code/markers.ts')).markerFacts(text, lines));
  const tree = treeFormatOf(path);
  const language = languageOf(path);
  if (tree) await look(async () => (await import('./trees/facts.ts')).textFacts(text, path, tree));
  else if (language !== undefined && !isTest(path))
    await look(async () => (await import('./code/facts.ts')).codeFacts(text, language, lines));
  else if (/\.sql$|\.(ddl|dml|psql|pgsql|hql|cql)$/i.test(path) && !/\.down\.sql$|(^|\/)U\d[^/]*\.sql$/.test(path))
    await look(async () => (await import('./sql/facts.ts')).sqlFacts(text));
  else if (isDockerfile(path)) await look(async () => (await import('./docker.ts')).dockerFacts(text));
  else if (isShell(path, text))
    await look(async () => (await import('./shell/facts.ts')).commandFacts(text, 1, { onLeftOut: skip }));
  else if (/\.(ps[dm]?1|bat|cmd)$/i.test(path)) skip('commands of PowerShell and of Windows are not read');
  else if (/(^|\/)(GNU)?[mM]akefile$|\.mk$|(^|\/)[jJ]ustfile$/.test(path))
    await look(async () => (await import('./shell/makefile.ts')).makefileFacts(text));
  if (lines.length > 0) await look(async () => (await import('./secrets/facts.ts')).secretFacts(text, path, lines));
  return facts;
}

/** What a test does it does to what is its own. */
function isTest(path: string): boolean {
  return /(^|\/)(tests?|__tests__|specs?|testdata|fixtures)\/|[._-](test|spec)s?\.[^/]+$|(^|\/)test_[^/]+$|_test\.[^/]+$|Tests?\.(java|kt|scala|cs)$|(^|\/)conftest\.py$/.test(
    path,
  );
}

function isDockerfile(path: string): boolean {
  return /(^|\/)(Docker|Container)file([._-][^/]*)?$|\.[dD]ockerfile$/.test(path);
}

function isShell(path: string, text: string): boolean {
  if (
    /\.(sh|bash|zsh|ksh|bats)$|(^|\/)(\.bashrc|\.profile|\.zshrc|entrypoint|pre-commit|pre-push|post-\w+)$/.test(path)
  )
    return true;
  return !/\.[^/]+$/.test(path) && /^#!\S*(?:\/|env\s+)(?:ba|z|k|da|a)?sh\b/.test(text);
}

/** What a parser of somebody else's fails on, and what is nested deeper than the stack, is the text's own affair. */
function isOfText(error: unknown): boolean {
  return error instanceof UnreadableError || error instanceof RangeError;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0]?.slice(0, 100) ?? '') : 'unknown error';
}
