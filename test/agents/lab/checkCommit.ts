import assert from 'node:assert/strict';
import type { Project } from '../../support/project.ts';
import { attributionOfHead, checkRecord, type Span, trailersOfHead } from './attribution.ts';
import type { Program } from './program.ts';

/** What HEAD has to be after a session of one assistant. */
export interface ExpectedCommit {
  readonly program: Program;
  readonly subject: string;
  /** Every line of each file with added lines behind its class, as in `Attribution`. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** The files of the tree beside those. */
  readonly unchanged: readonly string[];
  /** Trailers of others, which have to be there still. */
  readonly trailers: readonly string[];
  /** The assistant names itself in one of those. */
  readonly namesItself?: boolean;
  /** What names the record: the message, or a note where no hook of git's could write into the message. */
  readonly named?: 'message' | 'note';
  /** Words of the conversation and of the code, which no record may hold. */
  readonly secrets: readonly string[];
}

/** Holds HEAD, what is said of it and what was left behind against what the session deserves. */
export async function checkCommit(project: Project, expected: ExpectedCommit): Promise<void> {
  const { lines, spans, totals } = await attributionOfHead(project);
  assert.deepEqual(lines, expected.lines);
  checkAuthors(spans, expected.program);
  assert.deepEqual([totals.seen, totals.reviewed], [0, 0], 'nobody has looked at anything');

  assert.equal((await project.git('log', '-1', '--format=%s')).trimEnd(), expected.subject);
  const digest = await (expected.named === 'note' ? digestInNote : digestInMessage)(project, expected, totals);
  await checkRecord(project, digest, [project.home, ...expected.secrets]);

  assert.equal((await project.git('rev-list', '--count', 'HEAD')).trim(), '2', 'one commit came of it');
  const tree = (await project.git('ls-tree', '-r', '--name-only', 'HEAD')).trimEnd().split('\n');
  assert.deepEqual(tree, [...Object.keys(lines), ...expected.unchanged].sort(), 'the tree is what was committed');
  assert.equal(await project.git('status', '--porcelain', '--ignored'), '', 'nothing of ours is in the work tree');
}

/** Who wrote each line, as far as it is told beside its class. */
export function checkAuthors(spans: readonly Span[], ...programs: readonly Program[]): void {
  const sessions = new Set<string>();
  for (const { start, end, class: given, session, evidence, ...author } of spans) {
    const where = `lines ${start} to ${end}`;
    if (given === 'ai') {
      const program = programs.find(({ assistant }) => assistant === author.tool);
      assert.ok(program, `${where} are of ${author.tool}`);
      const expected = {
        tool: program.assistant,
        model: reportedModel(program),
        kind: 'agent_action',
        review: 'unseen',
      };
      assert.deepEqual(author, expected, `the author of ${where}`);
      assert.ok(session && evidence, `the session and the evidence of ${where}`);
      sessions.add(`${author.tool} ${session}`);
    } else {
      const told = given === 'human' ? 'observed' : undefined;
      assert.deepEqual({ session, evidence, ...author }, { session: undefined, evidence: told }, `${given}: ${where}`);
    }
  }
  const most = 2 * programs.length;
  assert.ok(sessions.size <= most, 'each assistant has one session, and at most a second one for its sub-agent');
}

export function reportedModel({ model, reportedModel: reported = model }: Program): string {
  return reported;
}

interface Counted {
  readonly added: number;
  readonly ai: number;
  readonly unknown: number;
}

/** The trailers are the others' and ours; gives back the digest in them. */
async function digestInMessage(
  project: Project,
  { program, trailers: others, namesItself }: ExpectedCommit,
  totals: Counted,
): Promise<string> {
  const unknown = totals.unknown > 0 ? `.*\\b${totals.unknown} unknown` : '';
  const wanted = [
    ...others.map((line) => new RegExp(`^${line}$`)),
    ...(namesItself ? [] : [new RegExp(`^Assisted-by: ${program.title} \\(${reportedModel(program)}\\)$`)]),
    new RegExp(`^AI-Lines: ${totals.ai}/${totals.added} added\\b${unknown}`),
    /^Change-Risk: (low|moderate|high|critical) \d+\/100( \(.+\))?$/,
    /^Provenance: sha256:([0-9a-f]{64})$/,
  ];
  const trailers = await trailersOfHead(project);
  assert.equal(trailers.length, wanted.length, trailers.join('\n'));
  for (const [index, pattern] of wanted.entries()) assert.match(trailers[index] ?? '', pattern);
  const notes = await project.git('for-each-ref', 'refs/notes/countersign');
  assert.equal(notes, '', 'a message that names its record needs no note');
  return (trailers.at(-1) ?? '').slice('Provenance: sha256:'.length);
}

/** The message is as it was written, and a note names the record; gives back the digest in it. */
async function digestInNote(project: Project, { trailers: others }: ExpectedCommit): Promise<string> {
  assert.deepEqual(await trailersOfHead(project), others, "nobody rewrites a message behind the person's back");
  const note = (await project.git('notes', '--ref=countersign', 'show', 'HEAD')).trimEnd();
  assert.match(note, /^(sha256:)?[0-9a-f]{64}$/, 'the note names one record');
  return note.slice(-64);
}
