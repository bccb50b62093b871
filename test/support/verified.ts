import assert from 'node:assert/strict';
import type { VerifiedCommit } from '../../src/change/verify.ts';
import type { Project } from './project.ts';
import type { Scenario } from './scenario.ts';

interface Answer {
  readonly schema: string;
  readonly range: string;
  readonly commits: readonly VerifiedCommit[];
  readonly summary: Readonly<Record<string, number>>;
}

/** `countersign verify --json` and its exit code. */
export async function verify(
  project: Project,
  cwd: string,
  ...args: readonly string[]
): Promise<Answer & { readonly code: number | null }> {
  const { code, stdout, stderr } = await project.countersign(['verify', '--json', ...args], { cwd });
  assert.equal(stderr, '');
  return { code, ...(JSON.parse(stdout) as Answer) };
}

/** The exit code, and the verdict and findings of each commit: `1 falls-short: fault partial-fit`. */
export async function verdict({ project, cwd }: Scenario, ...args: readonly string[]): Promise<string> {
  const { code, commits } = await verify(project, cwd, ...args);
  return [`${code}`, ...commits.map(inShort)].join(' ');
}

function inShort(commit: VerifiedCommit): string {
  const findings = commit.findings.map(({ weight, kind }) => `${weight} ${kind}`);
  return findings.length === 0 ? commit.verdict : `${commit.verdict}: ${findings.join(', ')}`;
}

/** What is said of HEAD in words. */
export async function details({ project, cwd }: Scenario): Promise<string[]> {
  const { commits } = await verify(project, cwd, 'HEAD');
  return commits.flatMap(({ findings }) => findings.map(({ detail }) => detail));
}

/** Runs git where none of our hooks are: on a server, or in another client. */
export function withoutHooks(scenario: Scenario, ...args: readonly string[]): Promise<string> {
  return scenario.git('-c', 'core.hooksPath=/dev/null', ...args);
}

/** Gives HEAD another message, byte for byte, behind the hooks' back. */
export async function reword(scenario: Scenario, edit: (message: string) => string): Promise<void> {
  const before = await scenario.git('log', '-1', '--format=%B');
  const input = edit(before.trimEnd());
  assert.notEqual(input, before.trimEnd(), `nothing to change in ${before}`);
  const amend = ['commit', '--quiet', '--amend', '--allow-empty', '--cleanup=verbatim', '--file=-'];
  await scenario.gitWith({ input }, '-c', 'core.hooksPath=/dev/null', ...amend);
}

/** The digest that HEAD's trailers claim. */
export async function digestOf(scenario: Scenario, revision = 'HEAD'): Promise<string> {
  const digest = (await scenario.trailers(revision)).get('Provenance')?.at(-1)?.replace('sha256:', '');
  assert.ok(digest, `${revision} names no record`);
  return digest;
}
