import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { sha256 } from '../../src/core/digest.ts';
import { Git, type GitOptions } from '../../src/git/git.ts';
import { listNotes, noteRecord, notesRef } from '../../src/git/notes.ts';
import { readRecords, recordsRef, storeFile, writeRecords } from '../../src/git/records.ts';
import { defaultRemote, removeFetchRefspecs, setFetchRefspecs, trackingRefs } from '../../src/git/remotes.ts';
import { sync, syncBeforePush } from '../../src/git/sync.ts';
import { Clones } from '../support/clones.ts';
import { type Finished, runProgram } from '../support/program.ts';
import { recordOf, stored } from '../support/records.ts';
import { describeEverywhere } from '../support/scenario.ts';

const [r1, r2, r3] = [recordOf('1'), recordOf('2'), recordOf('3')];
const nothing = { received: 0, sent: 0 };

/** Git that does something else just before it pushes for the first time. */
class Interrupted extends Git {
  #before: (() => Promise<unknown>) | undefined;

  constructor(folder: string, env: GitOptions['env'], before: () => Promise<unknown>) {
    super(folder, env);
    this.#before = before;
  }

  override async run(args: readonly string[], options?: GitOptions): Promise<Buffer> {
    if (args.includes('push')) {
      const before = this.#before;
      this.#before = undefined;
      await before?.();
    }
    return await super.run(args, options);
  }
}

describe('sync', () => {
  let clones: Clones;
  let ann: Git;

  beforeEach(async () => {
    clones = await Clones.create();
    ann = await clones.clone('ann');
  });
  afterEach(() => clones.dispose());

  const records = (git: Git): Promise<string[]> => stored(clones.project, recordsRef, git.folder);
  const remote = (): Git => clones.at(clones.remote);
  const head = (git: Git): Promise<string> => git.text(['rev-parse', 'HEAD']);
  const paths = (...of: readonly { path: string }[]): string[] => of.map((record) => record.path).sort();
  const lines = async (git: Git): Promise<string[]> =>
    (await git.text(['log', '-1', '--notes=countersign', '--format=%N'])).split('\n').filter((line) => line !== '');

  describe('of two clones', () => {
    let ben: Git;
    beforeEach(async () => {
      ben = await clones.clone('ben');
    });

    it('brings all records to both sides', async () => {
      await writeRecords(ann, [r1]);
      await writeRecords(ben, [r2, r3]);
      assert.deepEqual(await sync(ann, 'origin'), {
        remote: 'origin',
        records: { received: 0, sent: 1 },
        notes: nothing,
      });
      assert.deepEqual((await sync(ben, 'origin')).records, { received: 1, sent: 2 });
      assert.deepEqual((await sync(ann, 'origin')).records, { received: 2, sent: 0 });
      for (const git of [ann, ben, remote()]) assert.deepEqual(await records(git), paths(r1, r2, r3));
    });

    it('merges with both parents, and then moves forward only', async () => {
      await writeRecords(ann, [r1]);
      await writeRecords(ben, [r2]);
      await sync(ann, 'origin');
      const [first, second] = [await ann.text(['rev-parse', recordsRef]), await ben.text(['rev-parse', recordsRef])];
      await sync(ben, 'origin');
      assert.equal(await ben.text(['log', '-1', '--format=%P', recordsRef]), `${second} ${first}`);
      const tip = await ben.text(['rev-parse', recordsRef]);
      await sync(ann, 'origin');
      await sync(ben, 'origin');
      for (const git of [ann, ben, remote()]) assert.equal(await git.text(['rev-parse', recordsRef]), tip);
    });

    it('unites what two notes say of one commit', async () => {
      const commit = await head(ann);
      await noteRecord(ann, commit, sha256('1'));
      await noteRecord(ann, commit, sha256('2'));
      await noteRecord(ben, commit, sha256('2'));
      await noteRecord(ben, commit, sha256('3'));
      await sync(ann, 'origin');
      assert.deepEqual((await sync(ben, 'origin')).notes, { received: 1, sent: 1 });
      assert.deepEqual((await sync(ann, 'origin')).notes, { received: 1, sent: 0 });
      for (const git of [ann, ben]) {
        assert.deepEqual((await lines(git)).sort(), [sha256('1'), sha256('2'), sha256('3')].sort());
      }
      assert.equal(await ann.text(['rev-parse', notesRef]), await ben.text(['rev-parse', notesRef]));
    });

    it('comes to rest where notes say the same in another order', async () => {
      const commit = await head(ann);
      for (const digest of ['1', '2']) await noteRecord(ann, commit, sha256(digest));
      for (const digest of ['2', '1']) await noteRecord(ben, commit, sha256(digest));
      for (const git of [ann, ben, ann, ben]) await sync(git, 'origin');
      const tip = await remote().text(['rev-parse', notesRef]);
      for (const git of [ann, ben, ann]) assert.deepEqual((await sync(git, 'origin')).notes, nothing);
      assert.equal(await remote().text(['rev-parse', notesRef]), tip);
    });

    it('takes in notes of commits that are not here', async () => {
      await ben.run(['commit', '--quiet', '--allow-empty', '-m', 'Not pushed']);
      const commit = await head(ben);
      await noteRecord(ben, commit, sha256('1'));
      await sync(ben, 'origin');
      await noteRecord(ann, await head(ann), sha256('2'));
      await sync(ann, 'origin');
      assert.equal((await listNotes(ann, notesRef)).has(commit), true);
    });

    it('fetches and unites again where the remote moved meanwhile', async () => {
      await writeRecords(ann, [r1]);
      await writeRecords(ben, [r2]);
      const pauses: number[] = [];
      const slow = new Interrupted(ann.folder, clones.project.env, () => sync(ben, 'origin'));
      const pause = (ms: number): Promise<void> => Promise.resolve(void pauses.push(ms));
      assert.deepEqual((await sync(slow, 'origin', { pause })).records, { received: 1, sent: 1 });
      assert.equal(pauses.length, 1);
      assert.deepEqual(await records(remote()), paths(r1, r2));
    });

    it('keeps a record that is written while it runs', async () => {
      await writeRecords(ann, [r1]);
      await writeRecords(ben, [r2]);
      await sync(ben, 'origin');
      const slow = new Interrupted(ann.folder, clones.project.env, () => writeRecords(ann, [r3]));
      await sync(slow, 'origin');
      assert.deepEqual(await records(ann), paths(r1, r2, r3));
      await sync(ann, 'origin');
      assert.deepEqual(await records(remote()), paths(r1, r2, r3));
    });

    it('of a record with two contents takes the one that its name tells', async () => {
      await storeFile(ann, r1.path, 'forged\n');
      await writeRecords(ben, [r1]);
      await sync(ann, 'origin');
      await sync(ben, 'origin');
      await sync(ann, 'origin');
      for (const git of [ann, ben, remote()]) {
        assert.equal((await git.run(['cat-file', 'blob', `${recordsRef}:${r1.path}`])).toString(), r1.bytes);
      }
    });

    it('brings back what was taken out of the remote, and never forces', async () => {
      await writeRecords(ann, [r1]);
      await sync(ann, 'origin');
      await remote().run(['update-ref', '-d', recordsRef]);
      await writeRecords(ben, [r2]);
      await sync(ben, 'origin');
      const tip = await remote().text(['rev-parse', recordsRef]);
      await sync(ann, 'origin');
      assert.deepEqual(await records(remote()), paths(r1, r2));
      assert.equal(await remote().text(['merge-base', tip, recordsRef]), tip);
    });
  });

  it('of several clones at once loses nothing', async () => {
    const others = await Promise.all(['b', 'c', 'd'].map((name) => clones.clone(name)));
    const all = [ann, ...others];
    const made = all.map((_, i) => recordOf(`clone ${i}`));
    await Promise.all(all.map((git, i) => writeRecords(git, made.slice(i, i + 1))));
    await Promise.all(all.map((git) => sync(git, 'origin')));
    assert.deepEqual(await records(remote()), paths(...made));
    await remote().run(['fsck', '--strict']);
  }).timeout(60_000);

  it('while others write records loses none of them', async () => {
    const ben = await clones.clone('ben');
    await writeRecords(ben, [r1]);
    await sync(ben, 'origin');
    const made = Array.from({ length: 10 }, (_, i) => recordOf(`made ${i}`));
    await Promise.all([...made.map((record) => writeRecords(ann, [record])), sync(ann, 'origin')]);
    await sync(ann, 'origin');
    for (const git of [ann, remote()]) assert.deepEqual(await records(git), paths(r1, ...made));
  }).timeout(60_000);

  it('with a remote that has no records, and none here, does nothing', async () => {
    assert.deepEqual(await sync(ann, 'origin'), { remote: 'origin', records: nothing, notes: nothing });
    assert.equal(await ann.text(['for-each-ref', 'refs/countersign', 'refs/notes']), '');
  });

  it('takes back what was rescued', async () => {
    await writeRecords(ann, [r1]);
    const lock = path.join(ann.folder, '.git', `${recordsRef}.lock`);
    await writeFile(lock, '');
    await writeRecords(ann, [r2]);
    await rm(lock);
    await sync(ann, 'origin');
    assert.deepEqual(await records(remote()), paths(r1, r2));
    assert.equal(await ann.text(['for-each-ref', 'refs/countersign/rescued']), '');
  });

  it('does not take a damaged ref for one that is not there', async () => {
    await writeRecords(ann, [r1]);
    await sync(ann, 'origin');
    const file = path.join(ann.folder, '.git', recordsRef);
    for (const content of ['garbage\n', `${'12'.repeat(20)}\n`]) {
      await writeFile(file, content);
      await assert.rejects(sync(ann, 'origin'), /refs\/countersign\/records is damaged .* remove it by/);
    }
    await ann.run(['update-ref', '-d', recordsRef]);
    await sync(ann, 'origin');
    assert.deepEqual(await records(ann), paths(r1));
  });

  describe('where it cannot be', () => {
    const command = (args: readonly string[]): Promise<Finished> =>
      clones.project.countersign(['sync', ...args], { cwd: ann.folder });

    async function fails(args: readonly string[], words: RegExp): Promise<void> {
      const { code, stdout, stderr } = await command(args);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1);
    }

    it('says that there is no remote, or no telling which', async () => {
      await ann.run(['remote', 'remove', 'origin']);
      await fails([], /has no remote: add one with/);
      await fails(['origin'], /origin is not a remote of .*: it has none/);
      await ann.run(['remote', 'add', 'one', clones.remote]);
      assert.equal(await defaultRemote(ann), 'one');
      await ann.run(['remote', 'add', 'two', clones.remote]);
      await fails([], /has the remotes one, two: name one of them/);
      await fails(['three'], /three is not a remote of .*: it has one, two/);
      await ann.run(['config', 'branch.main.remote', 'two']);
      assert.equal(await defaultRemote(ann), 'two');
    });

    it('says that the remote refused', async () => {
      await writeRecords(ann, [r1]);
      await writeFile(path.join(clones.remote, 'hooks/pre-receive'), '#!/bin/sh\necho no; exit 1\n', { mode: 0o755 });
      await fails([], /origin did not take refs\/countersign\/records \(pre-receive hook declined\)/);
      assert.deepEqual(await records(ann), paths(r1));
    });

    it('says that the remote is not there', async () => {
      await ann.run(['remote', 'set-url', 'origin', `${clones.remote}.gone`]);
      await fails([], /git fetch failed in .*: fatal: .*remote\.git\.gone/);
    });

    it('does not ask for credentials', async () => {
      // A git built without curl knows no http, and says that.
      const programs = await readdir(await ann.text(['--exec-path']));
      const knowsHttp = programs.some((name) => name.startsWith('git-remote-http'));
      const words = knowsHttp
        ? /could not read Username .*terminal prompts disabled/
        : /'remote-http' is not a git command|remote helper for 'http'/;
      const server = createServer((_, response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await ann.run(['remote', 'set-url', 'origin', `http://127.0.0.1:${port}/x.git`]);
      try {
        await fails([], words);
      } finally {
        server.close();
      }
    });

    it('tells what it did as JSON and in a line', async () => {
      await writeRecords(ann, [r1]);
      const answer = await command(['--json']);
      assert.deepEqual(JSON.parse(answer.stdout), {
        schema: 'countersign/sync/1',
        remote: 'origin',
        records: { received: 0, sent: 1 },
        notes: nothing,
      });
      const { stdout } = await command([]);
      assert.equal(stdout, 'origin: records 0 received, 0 sent; notes 0 received, 0 sent\n');
      assert.equal((await command(['a', 'b'])).code, 2);
    });
  });

  for (const name of ['my/remote', 'a.b', 'x.lock', '..', 'a b', '-q', 'ünï', 'at@{1}']) {
    it(`works with a remote of the name ${JSON.stringify(name)}`, async () => {
      await ann.run(['config', `remote.${name}.url`, clones.remote]);
      await writeRecords(ann, [r1]);
      await sync(ann, name);
      assert.deepEqual(await records(remote()), paths(r1));
      assert.deepEqual(await stored(clones.project, trackingRefs(name).records, ann.folder), paths(r1));
    });
  }

  describe('with git push', () => {
    async function pushes(...args: readonly string[]): Promise<string> {
      await ann.run(['commit', '--quiet', '--allow-empty', '-m', 'More']);
      const hook = path.join(ann.folder, '.git/hooks/pre-push');
      const cli = path.join(__dirname, '../../dist/cli.js');
      await writeFile(hook, `#!/bin/sh\n'${process.execPath}' '${cli}' git-hook pre-push "$@"\n`, { mode: 0o755 });
      const finished = await clones.project.gitWith({ cwd: ann.folder }, 'push', '--quiet', ...args);
      assert.equal(await remote().text(['rev-parse', 'main']), await head(ann), 'the push itself went through');
      return finished;
    }

    it('sends records along if the repository is set to', async () => {
      await writeRecords(ann, [r1]);
      await pushes('origin', 'main');
      assert.deepEqual(await records(remote()), []);
      await ann.run(['config', 'countersign.sync', 'true']);
      await pushes('origin', 'main');
      assert.deepEqual(await records(remote()), paths(r1));
    });

    it('takes in what the remote has more', async () => {
      const ben = await clones.clone('ben');
      await writeRecords(ben, [r2]);
      await sync(ben, 'origin');
      await writeRecords(ann, [r1]);
      await ann.run(['config', 'countersign.sync', 'true']);
      await syncBeforePush(ann, 'origin');
      assert.deepEqual(await records(remote()), paths(r1, r2));
    });

    it('talks to nobody where the remote was seen to have everything, or is none of ours', async () => {
      await writeRecords(ann, [r1]);
      await ann.run(['config', 'countersign.sync', 'true']);
      await syncBeforePush(ann, clones.remote);
      assert.deepEqual(await records(remote()), []);
      await syncBeforePush(ann, 'origin');
      await ann.run(['remote', 'set-url', 'origin', '/nowhere']);
      await syncBeforePush(ann, 'origin');
    });

    it('lets ssh ask nobody, and keeps the command that somebody has set', async () => {
      const bin = path.join(clones.project.home, 'bin');
      await mkdir(bin);
      for (const name of ['ssh', 'own-ssh']) {
        await writeFile(path.join(bin, name), `#!/bin/sh\necho ${name} "$@" >>'${bin}/called'\nexit 255\n`, {
          mode: 0o755,
        });
      }
      const git = clones.at(ann.folder, { PATH: `${bin}:${process.env['PATH']}` });
      await git.run(['config', 'countersign.sync', 'true']);
      await git.run(['config', 'remote.far.url', 'ssh://example.com/x.git']);
      await writeRecords(git, [r1]);
      await assert.rejects(syncBeforePush(git, 'far'), /Could not read from remote repository/);
      await git.run(['config', 'core.sshCommand', 'own-ssh']);
      await assert.rejects(syncBeforePush(git, 'far'), /Could not read from remote repository/);
      const called = (await readFile(path.join(bin, 'called'), 'utf8')).trim().split('\n');
      assert.ok(called.some((line) => /^ssh -oBatchMode=yes .*example\.com/.test(line)));
      assert.ok(called.some((line) => /^own-ssh (?!.*BatchMode).*example\.com/.test(line)));
    });

    it('never stops the push', async () => {
      await writeRecords(ann, [r1]);
      await ann.run(['config', 'countersign.sync', 'true']);
      const refuse = '#!/bin/sh\ncase $1 in refs/countersign/*) exit 1 ;; esac\n';
      await writeFile(path.join(clones.remote, 'hooks/update'), refuse, { mode: 0o755 });
      await pushes('origin', 'main');
      assert.deepEqual(await records(remote()), []);
      const hook = ['git-hook', 'pre-push', 'origin', clones.remote];
      const { code, stderr } = await clones.project.countersign(hook, { cwd: ann.folder });
      assert.equal(code, 0);
      assert.match(
        stderr,
        /^countersign: pre-push: origin did not take .* \(hook declined\); .*; the push goes on without it\n$/,
      );
    });
  });

  describe('with git fetch', () => {
    it('brings records that are read at once, and united later', async () => {
      const ben = await clones.clone('ben');
      assert.equal(await setFetchRefspecs(ben, 'origin'), true);
      assert.equal(await setFetchRefspecs(ben, 'origin'), false);
      await ben.run(['fetch', '--quiet']); // the remote has none: no error
      await writeRecords(ann, [r1]);
      await noteRecord(ann, await head(ann), r1.digest);
      await sync(ann, 'origin');
      await ben.run(['fetch', '--quiet', '--prune']);
      assert.deepEqual([...(await readRecords(ben, [r1.digest])).values()], ['malformed']);
      assert.deepEqual(await records(ben), []);
      await sync(ben, 'origin');
      assert.deepEqual(await records(ben), paths(r1));
      assert.deepEqual(await lines(ben), [r1.digest]);
    });

    it('leaves what is here alone when the remote’s refs are pruned', async () => {
      await setFetchRefspecs(ann, 'origin');
      await writeRecords(ann, [r1]);
      await sync(ann, 'origin');
      await remote().run(['update-ref', '-d', recordsRef]);
      await ann.run(['fetch', '--quiet', '--prune']);
      assert.deepEqual(await stored(clones.project, trackingRefs('origin').records, ann.folder), []);
      assert.deepEqual(await records(ann), paths(r1));
    });

    it('leaves the settings as they were afterwards', async () => {
      const before = await ann.text(['config', '--local', '--list']);
      await setFetchRefspecs(ann, 'origin');
      assert.notEqual(await ann.text(['config', '--local', '--list']), before);
      assert.equal(await removeFetchRefspecs(ann, 'origin'), true);
      assert.equal(await ann.text(['config', '--local', '--list']), before);
      assert.equal(await removeFetchRefspecs(ann, 'origin'), false);
    });

    it('needs no refspec in a mirror, which can be synced, too', async () => {
      const mirror = await clones.clone('mirror', '--mirror');
      assert.equal(await setFetchRefspecs(mirror, 'origin'), false);
      await writeRecords(mirror, [r1]);
      await sync(mirror, 'origin');
      assert.deepEqual(await records(remote()), paths(r1));
    });
  });
});

describeEverywhere('sync from', { 'a.txt': 'a\n', 'below/b.txt': 'b\n' }, (now) => {
  let remote: string;
  beforeEach(async () => {
    remote = path.join(now().project.home, 'remote.git');
    await now().git('init', '--quiet', '--bare', remote);
    await now().git('remote', 'add', 'origin', remote);
    await now().assistantWrites({ 'c.txt': 'c\n' });
    await now().commit('Add c');
  });

  const sent = (): Promise<string[]> => stored(now().project, recordsRef, remote);

  it('sends what a commit recorded', async () => {
    assert.equal(await now().countersign('sync'), 'origin: records 0 received, 1 sent; notes 0 received, 0 sent\n');
    assert.equal((await sent()).length, 1);
  });

  it('can be done by hand, as the page on it says', async () => {
    const { project } = now();
    const page = await readFile(path.join(__dirname, '../../docs/sync.md'), 'utf8');
    const [fetch = '', read = '', push = ''] = [...page.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');
    const shell = async (cwd: string, script: string): Promise<string> => {
      const { code, stdout, stderr } = await runProgram('sh', ['-ec', script], { cwd, env: project.env });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const [head, digest = ''] = [await now().git('rev-parse', 'HEAD'), (await now().resolved()).records[0]?.digest];
    await noteRecord(now().place.repository.git, head.trim(), digest);
    await shell(now().top, push);
    await now().git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const other = path.join(project.home, 'other');
    await project.git('clone', '--quiet', '--branch=main', remote, other);
    await shell(other, fetch);
    assert.equal(await shell(other, read), `${digest}  -\n`);
    assert.equal(await shell(other, 'git log -1 --notes=countersign --format=%N'), `${digest}\n\n`);
  });

  it('sends it along with a push', async () => {
    await now().git('config', 'countersign.sync', 'true');
    const launcher = path.join(now().project.home, '.countersign/bin/countersign');
    await now().hook('pre-push', `#!/bin/sh\n'${launcher}' git-hook pre-push "$@"\n`);
    await now().git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    assert.equal((await sent()).length, 1);
  });
});
