import assert from 'node:assert/strict';
import { type Fault, type FaultyRun, FaultyScenario } from '../support/faults.ts';

/** So many lines of a commit no record tells anything of. */
async function lostLines({ scenario }: FaultyScenario): Promise<number> {
  const { files } = await scenario.resolved();
  return files.flatMap(({ lines }) => lines).filter((line) => line.class === 'unknown').length;
}

/** Another text each time. */
let texts = 0;
const freshLines = (): string => Array.from({ length: 3 }, (_, i) => `line ${i} of text ${++texts}\n`).join('');

/** What a person does, in which one hook fails. */
interface Deed {
  readonly event: string;
  readonly files: readonly string[];
  /** What comes before, without a fault. */
  prepare?(faulty: FaultyScenario): Promise<void>;
  readonly args: (words: string) => readonly string[];
}

const deeds: readonly Deed[] = [
  {
    event: 'prepare-commit-msg',
    files: ['a.txt'],
    args: (words) => ['-c', `core.editor=printf '${words}\\n' >`, 'commit'],
  },
  { event: 'commit-msg', files: ['a.txt'], args: (words) => ['commit', '-m', words] },
  { event: 'post-commit', files: ['a.txt'], args: (words) => ['commit', '--no-verify', '-m', words] },
  {
    event: 'post-rewrite',
    files: ['b.txt'],
    async prepare({ scenario }) {
      await scenario.assistantWrites({ 'a.txt': freshLines() });
      await scenario.commit('To be amended');
    },
    args: (words) => ['commit', '--amend', '--no-verify', '-m', words],
  },
];

/** Does it with a fault in it, and checks that it is done, and that everything works afterwards. */
async function act(faulty: FaultyScenario, deed: Deed, fault: Fault): Promise<FaultyRun> {
  const { scenario } = faulty;
  await deed.prepare?.(faulty);
  await scenario.assistantWrites(Object.fromEntries(deed.files.map((file) => [file, freshLines()])));
  await scenario.git('add', '--all');
  const before = await scenario.git('rev-parse', 'HEAD');
  const words = `Words ${texts}`;
  const run = await faulty.git(fault, ...deed.args(words));
  const where = `${JSON.stringify(fault)} at ${run.taken.at(-1)}: ${run.stderr}`;
  assert.equal(run.code, 0, where);
  assert.notEqual(await scenario.git('rev-parse', 'HEAD'), before, where);
  assert.equal(await scenario.git('status', '--porcelain'), '', where);
  // The words as they were, and below them all of the trailers or none.
  assert.match(await scenario.message(), new RegExp(`^${words}\\n(\\n(.+\\n)*Provenance: .+\\n)?\\n?$`), where);
  assert.ok((run.stderr.match(/^countersign: /gm) ?? []).length <= 1, where);
  // Who is killed says nothing: the shell that started it does.
  if ((await lostLines(faulty)) > 0)
    assert.match(run.stderr, /countersign|Killed/, `nothing is said of what is lost, ${where}`);
  return run;
}

/** A commit without a fault has its trailers, and all that reads works. */
async function assertWorks(faulty: FaultyScenario): Promise<void> {
  const { scenario } = faulty;
  await scenario.assistantWrites({ 'sound.txt': freshLines() });
  await scenario.git('add', '--all');
  const { code, stderr } = await faulty.git({ event: 'none' }, 'commit', '--quiet', '-m', 'A sound commit');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(await scenario.fit(), 'exact');
  assert.deepEqual([...(await scenario.trailers()).keys()].slice(0, 1), ['Assisted-by']);
}

async function assertSound({ scenario }: FaultyScenario): Promise<void> {
  assert.equal(await scenario.git('fsck', '--no-progress', '--no-dangling'), '');
  await scenario.git('log', '--oneline', '--all');
  await scenario.countersign('status');
  await scenario.countersign('show', 'HEAD~1');
  await scenario.countersign('blame', 'sound.txt');
}

describe('a fault in a hook', () => {
  let faulty: FaultyScenario;
  beforeEach(async () => {
    faulty = await FaultyScenario.create({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'sound.txt': 's\n' });
  });
  afterEach(() => faulty.dispose());

  /** @returns how many steps the hook has */
  async function atEachStep(
    deed: Deed,
    fault: Omit<Fault, 'event'>,
    check = async (): Promise<void> => {},
  ): Promise<number> {
    for (let step = 1; ; step++) {
      const { hit } = await act(faulty, deed, { event: deed.event, ...fault, step });
      if (!hit) return step - 1;
      await check();
    }
  }

  for (const deed of deeds) {
    it(`${deed.event}, killed at each step: git goes on, and so does all that comes later`, async function () {
      this.timeout(120_000);
      // The other hooks of the next deed, and this one, have to do with what the killed one left behind.
      const isFirst = deed.event === 'commit-msg';
      assert.ok((await atEachStep(deed, { kind: 'kill' }, isFirst ? () => assertWorks(faulty) : undefined)) > 2);
      await assertWorks(faulty);
      await assertSound(faulty);
    });

    it(`${deed.event}, where nothing can be written from the first step on`, async () => {
      await act(faulty, deed, { event: deed.event, kind: 'read-only', onward: true });
      await assertWorks(faulty);
      await assertSound(faulty);
    });
  }

  for (const deed of deeds.filter(({ event }) => event === 'commit-msg' || event === 'post-commit')) {
    it(`${deed.event}, where the disk is full from each step on`, async function () {
      this.timeout(120_000);
      assert.ok((await atEachStep(deed, { kind: 'full', onward: true })) > 2);
      await assertWorks(faulty);
      await assertSound(faulty);
    });
  }
});
