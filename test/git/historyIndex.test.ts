import assert from 'node:assert/strict';
import type { Features } from '../../src/core/risk/features.ts';
import { advanceHistory, buildHistory, type HistoryLimits, type HistorySource } from '../../src/git/history/advance.ts';
import type { StoredHistory } from '../../src/git/history/historyFile.ts';
import { headOf } from '../../src/git/history/historyIndex.ts';
import { historyGit } from '../../src/git/history/log.ts';
import { Random } from '../fuzz/random.ts';
import { type ReferenceFeatures, referenceOf } from '../support/historyReference.ts';
import { makeHistory } from '../support/madeHistory.ts';
import { Project } from '../support/project.ts';

const salt = '0123456789abcdef0123456789abcdef';
const all: HistoryLimits = { reference: 500, recentLeast: 1_500, recentMost: 3_000, commits: 100_000, years: 1_000 };
/** So that a short history has settled commits, too. */
const small: HistoryLimits = { ...all, reference: 8, recentLeast: 14, recentMost: 20 };

function sourceOf(project: Project, limits: HistoryLimits): HistorySource {
  return { git: historyGit(project.dir), shallow: { commits: new Set(), digest: '' }, limits };
}

async function build(project: Project, tip: string, limits: HistoryLimits): Promise<StoredHistory> {
  const source = sourceOf(project, limits);
  const head = await headOf(source.git, tip);
  assert.equal(head?.id, tip);
  return buildHistory(source, tip, head.time, salt);
}

/** What can be asked of an index, for these paths. */
function answersOf(history: StoredHistory, paths: Iterable<string>): object {
  const { tip, commits, reference } = history;
  const files = [...paths].map((path) => [path, fileOf(history, path)]);
  return { tip, commits, reference, files };
}

function fileOf({ current, settled }: StoredHistory, path: string): object | undefined {
  const now = current.get(path);
  const record = now === undefined ? settled.get(path) : now;
  if (!record) return undefined;
  const { changes, lastChange, developers } = record;
  return { changes, lastChange, developers: developers.length };
}

function flat({ history, fileLines, fix: _fix, ...rest }: Features): Omit<ReferenceFeatures, never> {
  assert.ok(history && fileLines !== undefined);
  return { ...rest, fileLines, ...history };
}

function assertClose(ours: ReferenceFeatures, theirs: ReferenceFeatures, what: string): void {
  for (const [name, value] of Object.entries(theirs)) {
    const own = ours[name as keyof ReferenceFeatures];
    assert.ok(Math.abs(own - value) < 1e-9, `${what}: ${name} is ${own}, not ${value}`);
  }
}

const everyPath = [
  ...['a.ts', 'src/b.ts', 'src/deep/c.py', 'docs/d e.md', 'src/ü.ts', 'f', 'package-lock.json', 'logo.png'],
  ...[
    'src/__snapshots__/x.snap',
    'src/Cargo.lock',
    ...Array.from({ length: 6 }, (_, i) => `moved/${i}.ts`),
    'never.ts',
  ],
];

describe('history index', () => {
  for (const seed of [1, 2, 3, 4]) {
    describe(`made history ${seed}`, () => {
      let project: Project;
      let commits: string[];

      before(async () => {
        project = await Project.create({ 'start.txt': 'start\n' });
        commits = await makeHistory(project, { seed, commits: 70 });
      });
      after(() => project.dispose());

      it('says what plain git commands say, commit by commit', async () => {
        const tip = commits.at(-1) as string;
        const reference = await referenceOf(project, tip);
        assert.ok(reference.features.length > 25, `only ${reference.features.length} commits count`);
        for (const limits of [all, small]) {
          const history = await build(project, tip, limits);
          const last = reference.features.slice(-limits.reference);
          assert.equal(history.reference.length, last.length);
          for (const [i, features] of history.reference.entries()) {
            assertClose(flat(features), last[i] as ReferenceFeatures, `commit ${i} of ${last.length}`);
          }
          for (const path of everyPath) {
            const file = reference.files.get(path);
            const expected = file && { ...file, people: file.people.size };
            const { changes, lastChange, people } = expected ?? {};
            assert.deepEqual(fileOf(history, path), expected && { changes, lastChange, developers: people }, path);
          }
        }
      });

      it('is the same whether it was read at once or in steps, to any commit from any other', async () => {
        const random = new Random(seed);
        let advanced = 0;
        let history = await build(project, commits[20] as string, small);
        for (let step = 0; step < 25; step++) {
          const tip = random.pick(commits);
          const whole = await build(project, tip, small);
          const next = await advanceHistory(sourceOf(project, small), history, tip);
          const isShort = next && next.reference.length < whole.reference.length;
          if (next && !isShort) {
            assert.deepEqual(answersOf(next, everyPath), answersOf(whole, everyPath), `${history.tip}..${tip}`);
            advanced++;
          } else if (next) {
            // Those that are settled cannot be told one by one: the last of them are as they should be.
            const { reference } = next;
            assert.deepEqual(reference, whole.reference.slice(whole.reference.length - reference.length));
          }
          history = next && !isShort ? next : whole;
        }
        assert.ok(advanced >= 5, `only ${advanced} steps could be taken without reading all`);
      });

      it('is the same when it grows commit by commit along the first parents', async () => {
        const line = (await project.git('rev-list', '--first-parent', '--reverse', commits.at(-1) as string))
          .trim()
          .split('\n');
        let history = await build(project, line[0] as string, small);
        for (const tip of line.slice(1)) {
          const next = await advanceHistory(sourceOf(project, small), history, tip);
          assert.ok(next, `no way from ${history.tip} to ${tip}`);
          history = next;
        }
        const whole = await build(project, line.at(-1) as string, small);
        assert.deepEqual(answersOf(history, everyPath), answersOf(whole, everyPath));
      });
    });
  }
});
