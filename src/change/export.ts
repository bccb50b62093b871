import { agentTraceOf } from '../core/interoperation/agentTrace.ts';
import { statementOf } from '../core/interoperation/inToto.ts';
import type { Git } from '../git/git.ts';
import { version } from '../version.ts';
import { gitAiNotesOf } from './gitAi.ts';
import { commitJson, recordedValidationOf, recordsJson } from './json.ts';
import { eachResolved, type ResolvedCommit } from './resolve.ts';

/** Forms in which commits are given to other programs: one JSON object a line. */
export const exportFormats = ['ndjson', 'agent-trace', 'git-ai', 'in-toto'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Commits in a form, one after the other in their order. Those of which the form has nothing to say are left out; `ndjson`
 * and `in-toto` tell that nothing is known.
 *
 * @param commits object ids
 */
export async function* exportCommits(
  git: Git,
  commits: readonly string[],
  format: ExportFormat,
): AsyncGenerator<object> {
  for await (const commit of eachResolved(git, commits)) {
    const form = exporters[format](commit);
    if (form) yield form;
  }
}

const exporters: Readonly<Record<ExportFormat, (commit: ResolvedCommit) => object | undefined>> = {
  ndjson: commitJson,
  'agent-trace': agentTrace,
  'git-ai': gitAiNote,
  'in-toto': statement,
};

function gitAiNote(commit: ResolvedCommit): object | undefined {
  const note = gitAiNotesOf([commit]).get(commit.commit);
  return note === undefined ? undefined : { commit: commit.commit, note };
}

function agentTrace({ commit, facts, files, records }: ResolvedCommit): object | undefined {
  const found = records.filter((record) => typeof record.found !== 'string').map(({ digest }) => digest);
  return agentTraceOf({ commit, files, records: found, time: facts.time }, version);
}

function statement({ commit, facts, files, fit, records }: ResolvedCommit): object {
  const risk = records.flatMap(({ found }) => (typeof found === 'string' ? [] : [found.risk]))[0];
  const validation = recordedValidationOf(records);
  return statementOf({ commit, tree: facts.tree, records: recordsJson(records), fit, files, risk, validation });
}
