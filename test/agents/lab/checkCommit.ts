import assert from 'node:assert/strict';
import type { Project } from '../../support/project.ts';
import { type AssistantName, assistants } from './assistants.ts';
import { attributionOfHead, checkRecordOfHead, type Span, trailersOfHead } from './attribution.ts';

/** What HEAD has to be after a session of one assistant. */
export interface ExpectedCommit {
  readonly assistant: AssistantName;
  readonly subject: string;
  /** Every line of each file with added lines behind its class, as in `Attribution`. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** The files of the tree beside those. */
  readonly unchanged: readonly string[];
  /** Trailers of others, which have to be there still. */
  readonly trailers: readonly string[];
  /** Words of the conversation and of the code, which no record may hold. */
  readonly secrets: readonly string[];
}

/** Holds HEAD, what is said of it and what was left behind against what the session deserves. */
export async function checkCommit(project: Project, expected: ExpectedCommit): Promise<void> {
  const { lines, spans, totals } = await attributionOfHead(project);
  assert.deepEqual(lines, expected.lines);
  checkAuthors(spans, expected.assistant);
  assert.deepEqual([totals.seen, totals.reviewed], [0, 0], 'nobody has looked at anything');

  assert.equal((await project.git('log', '-1', '--format=%s')).trimEnd(), expected.subject);
  checkTrailers(await trailersOfHead(project), expected, totals);
  await checkRecordOfHead(project, [project.home, ...expected.secrets]);

  assert.equal((await project.git('rev-list', '--count', 'HEAD')).trim(), '2', 'one commit came of it');
  const tree = (await project.git('ls-tree', '-r', '--name-only', 'HEAD')).trimEnd().split('\n');
  assert.deepEqual(tree, [...Object.keys(lines), ...expected.unchanged].sort(), 'the tree is what was committed');
  assert.equal(await project.git('status', '--porcelain', '--ignored'), '', 'nothing of ours is in the work tree');
  assert.equal(await project.git('for-each-ref', 'refs/notes'), '', 'a message that names its record needs no note');
}

function checkAuthors(spans: readonly Span[], assistant: AssistantName): void {
  const sessions = new Set<string>();
  for (const { start, end, class: given, session, evidence, ...author } of spans) {
    if (given === 'ai') {
      const { model } = assistants[assistant];
      const expected = { tool: assistant, model, kind: 'agent_action', review: 'unseen' };
      assert.deepEqual(author, expected, `the author of lines ${start} to ${end}`);
      assert.ok(session && evidence, `the session and the evidence of lines ${start} to ${end}`);
      sessions.add(session);
    } else {
      assert.deepEqual({ session, evidence, ...author }, { session: undefined, evidence: undefined }, given);
    }
  }
  assert.ok(sessions.size <= 2, 'there is one session, and at most a second one for the sub-agent');
}

function checkTrailers(
  trailers: readonly string[],
  { assistant, trailers: others }: ExpectedCommit,
  totals: { readonly added: number; readonly ai: number; readonly unknown: number },
): void {
  const { title, model } = assistants[assistant];
  const unknown = totals.unknown > 0 ? `.*\\b${totals.unknown} unknown` : '';
  const wanted = [
    ...others.map((line) => new RegExp(`^${line}$`)),
    new RegExp(`^Assisted-by: ${title} \\(${model}\\)$`),
    new RegExp(`^AI-Lines: ${totals.ai}/${totals.added} added\\b${unknown}`),
    /^Change-Risk: (low|moderate|high|critical) \d+\/100( \(.+\))?$/,
    /^Provenance: sha256:[0-9a-f]{64}$/,
  ];
  assert.equal(trailers.length, wanted.length, trailers.join('\n'));
  for (const [index, pattern] of wanted.entries()) assert.match(trailers[index] ?? '', pattern);
}
