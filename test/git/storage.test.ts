import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../../src/git/git.ts';
import { readRecords, recordsRef, writeRecords } from '../../src/git/records.ts';
import { setFetchRefspecs, trackingRefs } from '../../src/git/remotes.ts';
import { sync } from '../../src/git/sync.ts';
import { Clones } from '../support/clones.ts';
import { recordOf, stored } from '../support/records.ts';
import { assistantWrites, classes } from '../support/reports.ts';

/** Repositories that are not just a folder with a `.git` in it: a commit there gets its record, which can be read and shared. */
describe('storage', () => {
  let clones: Clones;

  beforeEach(async () => {
    clones = await Clones.create();
  });
  afterEach(() => clones.dispose());

  const inHome = (name: string): string => path.join(clones.project.home, name);

  /** In `folder`, with our hooks: an assistant writes a file of one line, a person commits it. */
  async function commits(folder: string, name = 'b.txt'): Promise<void> {
    const { project } = clones;
    assert.equal((await project.countersign(['install', '--git'], { cwd: folder })).code, 0);
    await assistantWrites(project, { [path.relative(project.dir, path.join(folder, name))]: `${name}\n` });
    await project.gitWith({ cwd: folder }, 'add', name);
    await project.gitWith({ cwd: folder }, 'commit', '--quiet', '-m', `Add ${name}`);
  }

  /** `b.txt:1 ai exact`, a string for each added line of a commit. */
  async function shows(folder: string, revision = 'HEAD'): Promise<string[]> {
    const { code, stdout, stderr } = await clones.project.countersign(['show', revision, '--json'], { cwd: folder });
    assert.equal(code, 0, stderr);
    const { fit } = JSON.parse(stdout) as { fit: { state: string } };
    return classes(stdout).map((line) => `${line} ${fit.state}`);
  }

  const recorded = ['b.txt:1 ai exact'];
  const count = async (git: Git, ref = recordsRef): Promise<number> =>
    (await stored(clones.project, ref, git.folder)).length;

  it('is in the middle of a shallow clone', async () => {
    await clones.project.git('commit', '--quiet', '--allow-empty', '-m', 'Second');
    await clones.project.git('push', '--quiet', clones.remote, 'main');
    const shallow = await clones.clone('shallow', '--depth=1');
    await commits(shallow.folder);
    assert.deepEqual(await shows(shallow.folder), recorded);
    await sync(shallow, 'origin');
    assert.equal(await count(clones.at(clones.remote)), 1);
    const other = await clones.clone('other', '--depth=1');
    await sync(other, 'origin');
    assert.equal(await count(other), 1);
    assert.equal(await shallow.text(['rev-parse', '--is-shallow-repository']), 'true');
    assert.equal(await other.text(['rev-list', '--count', recordsRef]), '1');
  });

  describe('of a partial clone', () => {
    const records = Array.from({ length: 20 }, (_, i) => recordOf(`${i}`));
    const digests = records.map(({ digest }) => digest);
    let partial: Git;

    beforeEach(async () => {
      const remote = clones.at(clones.remote);
      await remote.run(['config', 'uploadpack.allowFilter', 'true']);
      await remote.run(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
      await writeRecords(remote, records);
      partial = await clones.clone('partial', '--filter=blob:none');
    });

    /** How many objects below a ref are not here. */
    async function absent(ref: string): Promise<number> {
      const objects = await partial.text(['rev-list', '--objects', '--missing=print', ref]);
      return objects.split('\n').filter((line) => line.startsWith('?')).length;
    }

    it('records a commit and shares it', async () => {
      await commits(partial.folder);
      assert.deepEqual(await shows(partial.folder), recorded);
      await sync(partial, 'origin');
      assert.equal(await count(clones.at(clones.remote)), 21);
    });

    it('has the records after a sync, and no other blobs', async () => {
      await sync(partial, 'origin');
      assert.equal(await absent(recordsRef), 0);
      assert.equal(await partial.text(['config', 'remote.origin.partialCloneFilter']), 'blob:none');
      await partial.run(['remote', 'set-url', 'origin', '/nowhere']);
      assert.deepEqual(new Set((await readRecords(partial, digests)).values()), new Set(['malformed']));
    });

    it('fetches what plain git left out in one go', async () => {
      await setFetchRefspecs(partial, 'origin');
      await partial.run(['fetch', '--quiet']);
      const { records: tracked } = trackingRefs('origin');
      assert.equal(await absent(tracked), 20);
      const trace = inHome('trace');
      const traced = clones.at(partial.folder, { GIT_TRACE: trace });
      assert.deepEqual(new Set((await readRecords(traced, digests)).values()), new Set(['malformed']));
      assert.equal(await absent(tracked), 0);
      assert.equal((await readFile(trace, 'utf8')).match(/built-in: git fetch /g)?.length, 1);
    });

    it('without its server has what is here, and tries once', async () => {
      await setFetchRefspecs(partial, 'origin');
      await partial.run(['fetch', '--quiet']);
      await writeRecords(partial, [recordOf('own')]);
      await partial.run(['remote', 'set-url', 'origin', '/nowhere']);
      const found = await readRecords(partial, [...digests, recordOf('own').digest]);
      assert.deepEqual([...found.values()], [...digests.map(() => 'missing'), 'malformed']);
    });
  });

  it('of a bare repository is read, synced, and seen from a folder in it', async () => {
    const ann = await clones.clone('ann');
    await commits(ann.folder);
    await sync(ann, 'origin');
    await ann.run(['push', '--quiet', 'origin', 'main']);
    assert.deepEqual(await shows(clones.remote, 'main'), recorded);
    assert.deepEqual(await shows(path.join(clones.remote, 'refs'), 'main'), recorded);
    assert.deepEqual(await shows(path.join(ann.folder, '.git')), recorded);
    await clones.project.gitWith({ cwd: inHome('.') }, 'clone', '--quiet', '--bare', clones.remote, 'second.git');
    const second = clones.at(inHome('second.git'));
    const { code, stdout } = await clones.project.countersign(['sync'], { cwd: second.folder });
    assert.deepEqual(
      { code, stdout },
      { code: 0, stdout: 'origin: records 1 received, 0 sent; notes 0 received, 0 sent\n' },
    );
  });

  it('is shared by worktrees', async () => {
    const ann = await clones.clone('ann');
    await ann.run(['worktree', 'add', '--quiet', '-b', 'side', inHome('linked')]);
    await commits(inHome('linked'));
    assert.deepEqual(await shows(ann.folder, 'side'), recorded);
    await sync(clones.at(inHome('linked')), 'origin');
    assert.equal(await count(clones.at(clones.remote)), 1);
  });

  it('of a submodule is its own', async () => {
    const ann = await clones.clone('ann');
    await ann.run(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', clones.remote, 'sub']);
    await ann.run(['commit', '--quiet', '-m', 'Add a submodule']);
    const sub = clones.at(path.join(ann.folder, 'sub'));
    await commits(sub.folder);
    assert.deepEqual(await shows(sub.folder), recorded);
    assert.deepEqual([await count(sub), await count(ann)], [1, 0]);
    await sync(sub, 'origin');
    assert.equal(await count(clones.at(clones.remote)), 1);
  });

  for (const option of ['--shared', '--reference']) {
    it(`of a clone that borrows objects (${option})`, async () => {
      const ann = await clones.clone('ann');
      await commits(ann.folder);
      await ann.run(['push', '--quiet', 'origin', 'main']);
      await sync(ann, 'origin');
      const borrowing = inHome('borrowing');
      const from = option === '--shared' ? ['--shared', clones.remote] : ['--reference', clones.remote, clones.remote];
      await clones.project.git('clone', '--quiet', ...from, borrowing);
      await sync(clones.at(borrowing), 'origin');
      assert.deepEqual(await shows(borrowing), recorded);
      await commits(borrowing, 'c.txt');
      assert.deepEqual(await shows(borrowing), ['c.txt:1 ai exact']);
      await sync(clones.at(borrowing), 'origin');
      assert.equal(await count(clones.at(clones.remote)), 2);
    });
  }

  it('of a repository whose git folder is elsewhere', async () => {
    const separate = await clones.clone('separate', `--separate-git-dir=${inHome('elsewhere')}`);
    await commits(separate.folder);
    assert.deepEqual(await shows(separate.folder), recorded);
    await sync(separate, 'origin');
    assert.equal(await count(clones.at(clones.remote)), 1);
  });

  it('of a repository whose work tree is elsewhere (core.worktree)', async () => {
    const folder = inHome('apart');
    await mkdir(folder);
    await clones.project.git('init', '--quiet', '--bare', inHome('apart.git'));
    const git = clones.at(inHome('apart.git'));
    await git.run(['config', 'core.bare', 'false']);
    await git.run(['config', 'core.worktree', folder]);
    await writeFile(path.join(folder, '.git'), `gitdir: ${git.folder}\n`);
    await commits(folder);
    assert.deepEqual(await shows(folder), recorded);
  });

  /** Makes a repository and its remote in a format; `undefined` where git does not know it. */
  async function initialised(option: string): Promise<Git | undefined> {
    const git = clones.at(clones.project.home);
    const made = await git.ask(['init', '--quiet', option, '--initial-branch=main', 'modern']);
    if (made === undefined) return undefined;
    await git.run(['init', '--quiet', '--bare', option, '--initial-branch=main', 'modern.git']);
    const modern = clones.at(inHome('modern'));
    await modern.run(['remote', 'add', 'origin', inHome('modern.git')]);
    return modern;
  }

  /** Commits, amends, shows, blames, and shares with a second clone. */
  async function worksIn(modern: Git): Promise<void> {
    await commits(modern.folder);
    assert.deepEqual(await shows(modern.folder), recorded);
    await commits(modern.folder, 'c.txt');
    await modern.run(['commit', '--quiet', '--amend', '-m', 'Reworded']);
    assert.deepEqual(await shows(modern.folder), ['c.txt:1 ai exact']);
    await modern.run(['commit', '--quiet', '--amend', '--no-verify', '--only', '-m', 'Without trailers']);
    assert.deepEqual(await shows(modern.folder), ['c.txt:1 ai exact'], 'by its note');
    const blamed = await clones.project.countersign(['blame', 'b.txt', '--json'], { cwd: modern.folder });
    assert.match(blamed.stdout, /"class":"ai"/);
    await modern.run(['push', '--quiet', 'origin', 'main']);
    await sync(modern, 'origin');
    await clones.project.git('clone', '--quiet', inHome('modern.git'), inHome('second'));
    await sync(clones.at(inHome('second')), 'origin');
    assert.deepEqual(await shows(inHome('second')), ['c.txt:1 ai exact']);
    assert.deepEqual(await shows(inHome('second'), 'HEAD^'), recorded);
  }

  it('of a repository with SHA-256 object ids', async () => {
    const modern = await initialised('--object-format=sha256');
    assert.ok(modern, 'every git that we support knows it');
    await worksIn(modern);
  });

  it('of a repository with reftables, where git knows them', async () => {
    const modern = await initialised('--ref-format=reftable');
    const version = await clones.at(clones.project.home).text(['version']);
    const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
    assert.equal(modern !== undefined, Number(major) > 2 || Number(minor) >= 45, version);
    if (modern) await worksIn(modern);
  });
});
