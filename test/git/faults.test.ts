import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Random } from '../fuzz/random.ts';
import { FaultyScenario } from '../support/faults.ts';
import type { Finished } from '../support/program.ts';
import { Scenario } from '../support/scenario.ts';

let texts = 0;
const freshLines = (): string => Array.from({ length: 3 }, (_, i) => `line ${i} of text ${++texts}\n`).join('');

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'below/c.txt': 'c\n' };

/** Commits what an assistant writes, which must go through whatever our hooks meet; gives what was said meanwhile. */
async function commits(scenario: Scenario, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  await scenario.assistantWrites({ 'a.txt': freshLines() });
  await scenario.git('add', '--all');
  return await commitsStaged(scenario, env);
}

async function commitsStaged(scenario: Scenario, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const before = await scenario.git('rev-parse', 'HEAD');
  const words = `Words ${texts}`;
  const finished = await scenario.tryGit(env, 'commit', '--quiet', '-m', words);
  assert.equal(finished.code, 0, finished.stderr);
  assert.notEqual(await scenario.git('rev-parse', 'HEAD'), before);
  // The words as they were, and below them all of the trailers or none.
  assert.match(await scenario.message(), new RegExp(`^${words}\\n(\\n(.+\\n)*Provenance: .+\\n)?\\n?$`));
  const said = finished.stderr.split('\n').filter((line) => line !== '');
  const speakers = said.map((line) => /^countersign: (commit-msg|post-commit)?/.exec(line)?.[0]);
  assert.ok(!speakers.includes(undefined), `nobody else speaks: ${finished.stderr}`);
  assert.equal(new Set(speakers).size, said.length, `a line a hook: ${finished.stderr}`);
  return finished;
}

/** A commit as it should be: its trailers name a record, which fits. */
async function assertWorks(scenario: Scenario): Promise<void> {
  const { stderr } = await commits(scenario);
  assert.equal(stderr, '');
  assert.equal(await scenario.fit(), 'exact');
  assert.equal((await scenario.trailers()).get('Assisted-by')?.length, 1);
  await scenario.countersign('status');
  await scenario.countersign('show', 'HEAD');
  await scenario.countersign('blame', 'a.txt');
  await scenario.git('status');
  await scenario.git('log');
}

/** Either the record is in the commit or its note, or it was said that it is not. */
async function assertKnownOrSaid(scenario: Scenario, { stderr }: Finished): Promise<void> {
  const lines = await scenario.lines();
  if (lines.some((line) => line.endsWith('unknown'))) assert.match(stderr, /^countersign: /);
}

describe('a fault around the hooks', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create(files);
  });
  afterEach(() => scenario.dispose());
  const inGit = (...names: readonly string[]): string => path.join(scenario.gitDir, ...names);
  const countersign = (...names: readonly string[]): string => inGit('countersign', ...names);

  // Root, who may write everywhere, is stopped by these too.
  for (const name of ['countersign', 'countersign/texts', 'countersign/paths']) {
    it(`no ledger can be written: .git/${name} is a file`, async () => {
      await assertWorks(scenario);
      await scenario.writes({ 'a.txt': freshLines() });
      await scenario.git('add', '--all');
      await rm(inGit(name), { recursive: true });
      await writeFile(inGit(name), 'not a folder');
      await commitsStaged(scenario);
      // What is lost is said by who cannot keep it: the hook of the assistant.
      await assert.rejects(scenario.assistantWrites({ 'a.txt': freshLines() }), /ENOTDIR|not a directory/);
      await rm(inGit(name));
      await assertWorks(scenario);
    });
  }

  it('the note for post-commit cannot be written', async () => {
    await assertWorks(scenario);
    await rm(countersign('prepared'), { force: true });
    await mkdir(countersign('prepared', 'below'), { recursive: true });
    await assertKnownOrSaid(scenario, await commits(scenario));
    await rm(countersign('prepared'), { recursive: true });
    await assertWorks(scenario);
  });

  it('no record can be written: the folder of its ref is a file', async () => {
    await scenario.assistantWrites({ 'a.txt': freshLines() });
    await scenario.git('add', '--all');
    await writeFile(inGit('refs/countersign'), 'not a folder');
    const { stderr } = await commitsStaged(scenario);
    assert.match(stderr, /^countersign: commit-msg: .*without provenance\n/);
    await rm(inGit('refs/countersign'));
    await assertWorks(scenario);
  });

  for (const lock of ['refs/countersign/records.lock', 'packed-refs.lock']) {
    it(`${lock} is held`, async () => {
      await assertWorks(scenario);
      await writeFile(inGit(lock), '');
      await assertKnownOrSaid(scenario, await commits(scenario));
      await rm(inGit(lock));
      await assertWorks(scenario);
    });
  }

  for (const lock of ['index.lock', 'HEAD.lock']) {
    it(`${lock} is held, so that git itself makes no commit: what reads works, and the next commit is as it should be`, async () => {
      await assertWorks(scenario);
      await scenario.assistantWrites({ 'b.txt': freshLines() });
      await scenario.git('add', '--all');
      await writeFile(inGit(lock), '');
      await scenario.gitFails('commit', '-m', 'Not now');
      await scenario.countersign('status');
      await scenario.countersign('show', 'HEAD');
      await scenario.countersign('blame', 'b.txt');
      await scenario.countersign('review', '--all');
      await rm(inGit(lock));
      await assertWorks(scenario);
      assert.equal((await scenario.lines()).filter((line) => line.endsWith(' ai')).length, 6);
    });
  }

  const content = (name: string): string => inGit('objects', name.slice(0, 2), name.slice(2));
  for (const [what, name] of [
    ['the last record', 'refs/countersign/records^{tree}'],
    ['the commit of the records', 'refs/countersign/records'],
  ] as const) {
    it(`${what} is not here any more`, async () => {
      await assertWorks(scenario);
      const object = (await scenario.git('rev-parse', name)).trim();
      await rename(content(object), inGit('gone'));
      await assertKnownOrSaid(scenario, await commits(scenario));
      await scenario.countersign('status');
      await scenario.countersign('show', 'HEAD');
      await rename(inGit('gone'), content(object));
      await assertWorks(scenario);
      assert.equal(await scenario.git('fsck', '--no-progress', '--no-dangling'), '');
    });
  }

  it('the text before is not here any more, so that git cannot compare with it either', async () => {
    await assertWorks(scenario);
    const object = content((await scenario.git('rev-parse', 'HEAD:a.txt')).trim());
    await rename(object, inGit('gone'));
    assert.match(
      (await commits(scenario)).stderr,
      /^countersign: commit-msg: .* unable to read .*without provenance\n/,
    );
    await rename(inGit('gone'), object);
    await assertWorks(scenario);
    assert.equal(await scenario.git('fsck', '--no-progress', '--no-dangling'), '');
  });

  it('the ref of the records holds what is no object id', async () => {
    await assertWorks(scenario);
    const ref = inGit('refs/countersign/records');
    const before = await readFile(ref);
    await writeFile(ref, 'what is this\n');
    await assertKnownOrSaid(scenario, await commits(scenario));
    await scenario.countersign('status');
    await scenario.countersign('show', 'HEAD');
    await writeFile(ref, before);
    await assertWorks(scenario);
  });

  it('the server that has the rest of a partial clone is gone', async () => {
    const { project } = scenario;
    await assertWorks(scenario);
    await project.git('config', 'uploadpack.allowFilter', 'true');
    const partial = path.join(project.home, 'partial');
    await project.git('clone', '--quiet', '--sparse', '--filter=blob:none', `file://${scenario.top}`, partial);
    const git = (...args: readonly string[]): Promise<string> => project.gitWith({ cwd: partial }, ...args);
    await git('config', 'user.name', 'Dev');
    await git('config', 'user.email', 'dev@example.com');
    await git('remote', 'set-url', 'origin', path.join(project.home, 'nowhere'));
    await project.countersign(['install', '--git'], { cwd: partial });
    // The old text of the second one is only at the server.
    await writeFile(path.join(partial, 'a.txt'), freshLines());
    await mkdir(path.join(partial, 'below'));
    await writeFile(path.join(partial, 'below/c.txt'), freshLines());
    await git('update-index', '--no-skip-worktree', 'below/c.txt');
    await git('add', '--sparse', '--all');
    const { code, stderr } = await project.run('git', ['commit', '--quiet', '-m', 'Words'], partial);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^(countersign: .*\n)*$/);
    assert.match(await git('log', '-1', '--format=%B'), /^Words\n/);
    assert.equal(await git('status', '--porcelain'), '');
  });

  it('times of all files lie in the past, or in the future, and so do the times of what is known', async () => {
    await assertWorks(scenario);
    for (const year of [1971, 2199]) {
      await scenario.assistantWrites({ 'a.txt': freshLines() });
      await scenario.git('add', '--all');
      const time = new Date(Date.UTC(year, 5, 1));
      for (const file of await filesBelow(countersign())) {
        const text = await readFile(file, 'latin1');
        await writeFile(file, text.replaceAll(/"at":"\d{4}-/g, `"at":"${year}-`), 'latin1');
        await utimes(file, time, time);
      }
      await utimes(path.join(scenario.top, 'a.txt'), time, time);
      const { stderr } = await commitsStaged(scenario);
      assert.equal(stderr, '');
      assert.equal(await scenario.fit(), 'exact');
      assert.deepEqual(new Set((await scenario.lines()).map((line) => line.split(' ')[1])), new Set(['ai']));
      await assertWorks(scenario);
    }
  });

  it('a lock whose holder is another program by now, taken when the clock was ahead', async () => {
    await assertWorks(scenario);
    const [journal] = (await readdir(countersign('paths'))).filter((name) => name.endsWith('.ndjson'));
    const lock = countersign('paths', `${journal}.lock`);
    await writeFile(lock, `${process.ppid} 0123456789abcdef\n`);
    const ahead = new Date(Date.now() + 24 * 60 * 60_000);
    await utimes(lock, ahead, ahead);
    await assertWorks(scenario);
    await assert.rejects(stat(lock), { code: 'ENOENT' });
  });
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

const damages: Readonly<Record<string, (file: string, random: Random) => Promise<void>>> = {
  'random bytes': (file, random) => writeFile(file, Buffer.from(Array.from({ length: 300 }, () => random.below(256)))),
  'cut off': async (file, random) => truncate(file, random.below((await stat(file)).size + 1)),
  empty: (file) => writeFile(file, ''),
  zeros: async (file) => writeFile(file, Buffer.alloc((await stat(file)).size)),
  'JSON of other types': (file) =>
    writeFile(file, '{"at":7,"path":[],"hash":{"a":null},"kind":"edit"}\n[[[\nnull\n3\n'),
  'a folder': async (file) => {
    await rm(file);
    await mkdir(file);
  },
};

describe('a damaged ledger', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create(files);
    await assertWorks(scenario);
    const place = scenario.place.ledger;
    place.windows.open({
      kind: 'edit',
      tool: 't',
      session: 's',
      at: new Date().toISOString(),
      path: 'a.txt',
      hash: null,
    });
    await place.journal.append({
      ...{ entry: 'session', at: new Date().toISOString(), tool: 't', session: 's', event: 'start' },
    });
  });
  afterEach(() => scenario.dispose());

  /** @param says whether a damage can be told from what was never there */
  async function survives(damage: () => Promise<void>, says: boolean): Promise<void> {
    await scenario.assistantWrites({ 'a.txt': freshLines() });
    await scenario.git('add', '--all');
    await damage();
    await scenario.countersign('status');
    const { stderr } = await commitsStaged(scenario);
    const lines = await scenario.lines();
    if (says && lines.some((line) => line.endsWith(' unknown')))
      assert.match(stderr, /is damaged: who wrote a\.txt is not known/);
    await scenario.countersign('show', 'HEAD');
  }

  for (const [name, damage] of Object.entries(damages)) {
    it(`${name} in all files at once`, async () => {
      const random = new Random(1);
      await survives(
        async () => {
          for (const file of await filesBelow(scenario.place.ledger.folder)) await damage(file, random);
        },
        name !== 'empty' && name !== 'a folder',
      );
      await scenario.forgetPending();
      await assertWorks(scenario);
    });
  }

  it('one file after the other, each damaged in another way', async function () {
    this.timeout(60_000);
    const random = new Random(2);
    const { folder } = scenario.place.ledger;
    const seen = new Set<string>();
    for (;;) {
      const left = (await filesBelow(folder)).find((file) => !seen.has(path.relative(folder, file)));
      if (left === undefined || seen.size > 12) break;
      seen.add(path.relative(folder, left));
      await survives(() => random.pick(Object.values(damages).slice(0, -1))(left, random), false);
    }
    assert.ok(seen.size > 5, 'the ledger has files');
    await assertWorks(scenario);
  });
});

describe('a program that is not as it was', () => {
  let faulty: FaultyScenario;
  beforeEach(async () => {
    faulty = await FaultyScenario.create(files);
  });
  afterEach(() => faulty.dispose());

  it('is gone: commits are made without a word, and as before once it is back', async () => {
    const { scenario } = faulty;
    await assertWorks(scenario);
    const launcher = await readFile(faulty.launcher, 'utf8');
    const broken: Readonly<Record<string, () => Promise<void>>> = {
      program: () => faulty.changeLauncher((text) => text.replace(/^program=.*$/m, "program='/nowhere/cli.js'")),
      launcher: () => rm(faulty.launcher),
      'its folder': () => rm(path.dirname(path.dirname(faulty.launcher)), { recursive: true }),
    };
    for (const [what, breakIt] of Object.entries(broken)) {
      await breakIt();
      const { stderr } = await commits(scenario);
      assert.equal(stderr, '', what);
      assert.equal(await scenario.fit(), 'none', what);
      await mkdir(path.dirname(faulty.launcher), { recursive: true });
      await writeFile(faulty.launcher, launcher, { mode: 0o755 });
      await assertWorks(scenario);
    }
  });

  it('throws as soon as it starts', async () => {
    const { scenario } = faulty;
    const program = path.join(scenario.project.home, 'broken.js');
    await writeFile(program, 'throw new Error("not today");\n');
    const launcher = await readFile(faulty.launcher, 'utf8');
    await faulty.changeLauncher((text) => text.replace(/^program=.*$/m, `program='${program}'`));
    await scenario.assistantWrites({ 'a.txt': freshLines() });
    await scenario.git('add', '--all');
    const { code } = await scenario.tryGit({}, 'commit', '--quiet', '-m', 'Words');
    assert.equal(code, 0);
    await writeFile(faulty.launcher, launcher);
    await assertWorks(scenario);
  });

  it('has no home, or one that is not there', async () => {
    const { scenario } = faulty;
    for (const HOME of [undefined, '', '/nowhere/at/all']) {
      const { stderr } = await commits(scenario, { HOME });
      assert.equal(stderr, '');
      assert.equal(await scenario.fit(), 'exact');
    }
    await assertWorks(scenario);
  });

  it('has a clock that jumps between its hooks, by fifty years', async () => {
    const { scenario } = faulty;
    const years = 50 * 365 * 24 * 60 * 60_000;
    for (const clock of [years, -years]) {
      for (const event of ['commit-msg', 'post-commit', 'every']) {
        await scenario.assistantWrites({ 'a.txt': freshLines() });
        await scenario.git('add', '--all');
        const { code, stderr } = await faulty.git({ event, clock }, 'commit', '--quiet', '-m', 'Words');
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        assert.equal(await scenario.fit(), 'exact');
        assert.deepEqual(await scenario.lines(), ['a.txt:1 ai', 'a.txt:2 ai', 'a.txt:3 ai']);
      }
    }
    await assertWorks(scenario);
  });

  it('finds that the records ref moves each time it looks', async () => {
    const { scenario } = faulty;
    await assertWorks(scenario);
    const other = await readFile(path.join(faulty.gitDir, 'refs/countersign/records'), 'utf8');
    // Another process adds to it before each of the first steps: the tip is another one, of the same tree.
    const command = [
      `tip=$(git rev-parse refs/countersign/records)`,
      `new=$(GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@o GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@o git commit-tree -m moved -p $tip "$tip^{tree}")`,
      'git update-ref refs/countersign/records $new $tip',
    ].join('\n');
    await scenario.assistantWrites({ 'a.txt': freshLines() });
    await scenario.git('add', '--all');
    const fault = { event: 'commit-msg', kind: 'run', command, step: 1, onward: true } as const;
    const { code, stderr } = await faulty.git({ ...fault, last: 40 }, 'commit', '--quiet', '-m', 'Words');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(await scenario.fit(), 'exact');
    await scenario.git('merge-base', '--is-ancestor', other.trim(), 'refs/countersign/records');
    await assertWorks(scenario);
    assert.equal(await scenario.fit('HEAD~1'), 'exact');
  });
});
