import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../src/core/digest.ts';
import { Git } from '../../src/git/git.ts';
import { readRecords, recordsRef, rescuedRef, writeRecord, writeRecords } from '../../src/git/records.ts';
import { Project } from '../support/project.ts';
import { recordOf, stored } from '../support/records.ts';

const first = recordOf('first');
const second = recordOf('second');

/** Everything below a folder, relative to it. */
async function everythingIn(folder: string): Promise<string[]> {
  return await readdir(folder, { recursive: true });
}

describe('the records ref', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
  });
  afterEach(() => project.dispose());

  it('keeps every record of 30 writers at once', async () => {
    const git = new Git(project.dir);
    const records = Array.from({ length: 30 }, (_, i) => recordOf(`${i}`));
    await Promise.all(records.map(({ digest, bytes }) => writeRecord(git, digest, bytes)));
    assert.deepEqual(await stored(project), records.map((record) => record.path).sort());
    assert.equal(await project.git('fsck', '--strict', '--no-dangling'), '');
  }).timeout(60_000);

  it('takes the same record twice as one', async () => {
    const git = new Git(project.dir);
    await writeRecord(git, first.digest, first.bytes);
    await writeRecord(git, first.digest, first.bytes);
    assert.deepEqual(await stored(project), [first.path]);
  });

  it('gets many records by one commit, and a pack only for many', async () => {
    const git = new Git(project.dir);
    await writeRecords(git, [first, second]);
    assert.equal(await project.git('rev-list', '--count', recordsRef), '1\n');
    assert.match(await project.git('count-objects', '-v'), /^packs: 0$/m);
    const many = Array.from({ length: 200 }, (_, i) => recordOf(`many ${i}`));
    await writeRecords(git, many);
    assert.equal((await stored(project)).length, 202);
    assert.match(await project.git('count-objects', '-v'), /^packs: 1$/m);
    await writeRecords(git, []);
    assert.equal(await project.git('rev-list', '--count', recordsRef), '2\n');
  });

  it('is not disturbed by the settings of a person', async () => {
    const settings = {
      'fastimport.unpackLimit': '1',
      'transfer.unpackLimit': '1',
      'core.fsync': 'all',
      'core.logAllRefUpdates': 'always',
      'gc.auto': '1',
      'user.useConfigOnly': 'true',
      'commit.gpgSign': 'true',
      'core.filesRefLockTimeout': '0',
    };
    for (const [key, value] of Object.entries(settings)) await project.git('config', key, value);
    await project.git('config', '--unset', 'user.email');
    await writeRecords(new Git(project.dir), [first]);
    await writeRecords(new Git(project.dir), [second]);
    assert.equal((await stored(project)).length, 2);
    assert.match(await project.git('count-objects', '-v'), /^packs: 0$/m);
  });

  it('leaves nothing behind where it could not be written', async () => {
    const before = await everythingIn(path.join(project.dir, '.git'));
    // A file where the folder of both refs would be: nothing can be stored anywhere.
    await writeFile(path.join(project.dir, '.git/refs/countersign'), '');
    await assert.rejects(writeRecords(new Git(project.dir), [first]), { name: 'GitError', reason: 'failed' });
    const left = (await everythingIn(path.join(project.dir, '.git'))).filter((file) => !before.includes(file));
    assert.deepEqual(
      left.filter((file) => !/^objects\/[0-9a-f]{2}(\/|$)/.test(file)),
      ['refs/countersign'],
    );
  });

  it('that somebody left locked delays a record, and does not lose it', async () => {
    const git = new Git(project.dir);
    await writeRecords(git, [first]);
    await writeFile(path.join(project.dir, '.git', `${recordsRef}.lock`), '');
    await writeRecords(git, [second]);
    assert.deepEqual(await stored(project), [first.path]);
    assert.deepEqual(await stored(project, rescuedRef), [second.path]);
    const found = await readRecords(git, [first.digest, second.digest]);
    assert.deepEqual([...found.values()], ['malformed', 'malformed']);
  });

  for (const [damage, content] of [
    ['points to nothing', `${'12'.repeat(20)}\n`],
    ['is garbage', 'garbage\n'],
  ] as const) {
    it(`that ${damage} does not lose a record, and is left for a person to look at`, async () => {
      const git = new Git(project.dir);
      await writeRecords(git, [first]);
      const file = path.join(project.dir, '.git', recordsRef);
      await writeFile(file, content);
      await writeRecords(git, [second]);
      assert.equal(await readFile(file, 'utf8'), content);
      assert.deepEqual([...(await readRecords(git, [second.digest])).values()], ['malformed']);
    });
  }

  it('whose tree is missing does not lose a record', async () => {
    const git = new Git(project.dir);
    await writeRecords(git, [first]);
    const tree = (await project.git('rev-parse', `${recordsRef}^{tree}`)).trim();
    await rm(path.join(project.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)), { force: true });
    await writeRecords(git, [second]);
    assert.deepEqual([...(await readRecords(git, [first.digest, second.digest])).values()], ['missing', 'malformed']);
    assert.deepEqual(
      (await everythingIn(path.join(project.dir, '.git'))).filter((name) => name.includes('crash')),
      [],
    );
  });

  it('is read together with what plain git fetched from remotes', async () => {
    const git = new Git(project.dir);
    await writeRecords(git, [first]);
    await project.git('update-ref', 'refs/countersign/remotes/origin/records', recordsRef);
    await project.git('update-ref', '-d', recordsRef);
    await writeRecords(git, [second]);
    const found = await readRecords(git, [first.digest, second.digest, sha256('never written')]);
    assert.deepEqual([...found.values()], ['malformed', 'malformed', 'missing']);
  });

  it('is read for 10,000 digests by one process', async () => {
    const git = new Git(project.dir);
    await writeRecords(git, [first]);
    const digests = Array.from({ length: 10_000 }, (_, i) => sha256(`absent ${i}`));
    const found = await readRecords(git, [...digests, first.digest]);
    assert.equal(found.size, 10_001);
    assert.equal(found.get(first.digest), 'malformed');
    assert.equal(found.get(digests[9_999] as string), 'missing');
  });

  it('says what is wrong with bytes that are not the record they are named for', async () => {
    const git = new Git(project.dir);
    const [right, wrong] = [sha256('right'), sha256('not json')];
    await writeRecord(git, right, 'forged');
    await writeRecord(git, wrong, 'not json');
    const found = await readRecords(git, [right, wrong, sha256('never written')]);
    assert.deepEqual([...found.values()], ['digest-mismatch', 'malformed', 'missing']);
  });

  it('works in a repository with SHA-256 object ids', async () => {
    await project.git('init', '-q', '--object-format=sha256', 'modern');
    const git = new Git(`${project.dir}/modern`);
    const text = '{"record":1}\n';
    await writeRecord(git, sha256(text), text);
    assert.equal((await readRecords(git, [sha256(text)])).get(sha256(text)), 'malformed');
  });
});
