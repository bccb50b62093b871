import assert from 'node:assert/strict';
import type { Files, Project } from './project.ts';

/** Hands a payload to a hook, which must take it without a word. */
export async function report(project: Project, payload: object, assistant = 'generic'): Promise<void> {
  const { code, stdout, stderr } = await project.countersign(['hook', assistant], { input: JSON.stringify(payload) });
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' });
}

const agent = { version: 1, tool: 'my-agent', model: 'm-1', session: 's-1' };

/** An assistant without an adapter writes files and reports it. */
export async function assistantWrites(project: Project, files: Files, more: object = {}): Promise<void> {
  const event = { ...agent, ...more, cwd: project.dir, files: Object.keys(files) };
  await report(project, { ...event, event: 'before-edit' });
  await project.write(files);
  await report(project, { ...event, event: 'after-edit' });
}

/** A person types in an editor that vouches for it. */
export async function personWrites(project: Project, files: Files): Promise<void> {
  for (const file of Object.keys(files)) {
    // The editor has seen what was there before the person began.
    await report(project, { ...agent, event: 'before-edit', cwd: project.dir, files: [file] });
  }
  await project.write(files);
  await report(project, { version: 1, event: 'human-edit', cwd: project.dir, files: Object.keys(files) });
}

interface Lines {
  readonly files: readonly { path: string; spans: readonly { start: number; end: number; class: string }[] }[];
}

/** `src/a.ts:1 ai`, a string for each added line of `status --json` or `show --json`. */
export function classes(json: string): string[] {
  const { files } = JSON.parse(json) as Lines;
  return files.flatMap(({ path, spans }) =>
    spans.flatMap((span) =>
      Array.from({ length: span.end - span.start + 1 }, (_, i) => `${path}:${span.start + i} ${span.class}`),
    ),
  );
}

export async function shown(project: Project, revision = 'HEAD'): Promise<string[]> {
  return classes(await project.countersignOutput('show', revision, '--json'));
}

export async function pending(project: Project, ...args: string[]): Promise<string[]> {
  return classes(await project.countersignOutput('status', '--json', ...args));
}

export async function fitOf(project: Project, revision = 'HEAD'): Promise<unknown> {
  return (JSON.parse(await project.countersignOutput('show', revision, '--json')) as { fit: unknown }).fit;
}

/** The trailers that git itself reads from a commit, by key. */
export async function trailers(project: Project, revision = 'HEAD'): Promise<Map<string, string[]>> {
  const input = await project.git('log', '-1', '--format=%B', revision);
  const parsed = await project.gitWith({ input }, 'interpret-trailers', '--parse', '--no-divider');
  const result = new Map<string, string[]>();
  for (const line of parsed.split('\n').filter((entry) => entry !== '')) {
    const at = line.indexOf(': ');
    result.set(line.slice(0, at), [...(result.get(line.slice(0, at)) ?? []), line.slice(at + 2)]);
  }
  return result;
}
