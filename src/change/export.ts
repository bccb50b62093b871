import { agentTraceOf } from '../core/interoperation/agentTrace.ts';
import { statementOf } from '../core/interoperation/inToto.ts';
import { timesOf } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import { version } from '../version.ts';
import { gitAiNotesOf } from './gitAi.ts';
import { commitJson, recordsJson } from './json.ts';
import { type ResolvedCommit, resolveCommits } from './resolve.ts';

/** Forms in which commits are given to other programs: one JSON object a line. */
export const exportFormats = ['ndjson', 'agent-trace', 'git-ai', 'in-toto'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How many commits are in memory at a time. */
const batchSize = 200;

/**
 * Commits in a form, in their order, some at a time. Commits of which the form has nothing to say are left out; `ndjson`
 * and `in-toto` tell that nothing is known.
 *
 * @param commits object ids
 */
export async function* exportCommits(
  git: Git,
  commits: readonly string[],
  format: ExportFormat,
): AsyncGenerator<readonly object[]> {
  for await (const batch of resolvedBatches(git, commits)) yield await exporters[format](git, batch);
}

/** What is known of commits, some at a time. */
export async function* resolvedBatches(git: Git, commits: readonly string[]): AsyncGenerator<ResolvedCommit[]> {
  for (let i = 0; i < commits.length; i += batchSize) yield await resolveCommits(git, commits.slice(i, i + batchSize));
}

type Exporter = (git: Git, commits: readonly ResolvedCommit[]) => Promise<object[]> | object[];

const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  ndjson: (_git, commits) => commits.map(commitJson),
  'agent-trace': agentTraces,
  'git-ai': async (git, commits) => [...(await gitAiNotesOf(git, commits))].map(([commit, note]) => ({ commit, note })),
  'in-toto': (_git, commits) => commits.map(statement),
};

async function agentTraces(git: Git, commits: readonly ResolvedCommit[]): Promise<object[]> {
  const times = await timesOf(
    git,
    commits.map(({ commit }) => commit),
  );
  return commits.flatMap(({ commit, files, records }) => {
    const found = records.filter((record) => typeof record.found !== 'string').map(({ digest }) => digest);
    const trace = agentTraceOf({ commit, files, records: found, time: times.get(commit) as string }, version);
    return trace ? [trace] : [];
  });
}

function statement({ commit, facts, files, fit, records }: ResolvedCommit): object {
  const risk = records.flatMap(({ found }) => (typeof found === 'string' ? [] : [found.risk]))[0];
  return statementOf({ commit, tree: facts.tree, records: recordsJson(records), fit, files, risk });
}
