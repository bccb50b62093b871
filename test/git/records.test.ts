import assert from 'node:assert/strict';
import { sha256 } from '../../src/core/digest.ts';
import { Git } from '../../src/git/git.ts';
import { readRecords, writeRecord } from '../../src/git/records.ts';
import { Project } from '../support/project.ts';

describe('the records ref', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
  });
  afterEach(() => project.dispose());

  it('keeps every record of 30 writers at once', async () => {
    const git = new Git(project.dir);
    const bytes = Array.from({ length: 30 }, (_, i) => `{"record":${i}}\n`);
    await Promise.all(bytes.map((text) => writeRecord(git, sha256(text), text)));
    const paths = await project.git('ls-tree', '-r', '--name-only', 'refs/countersign/records');
    assert.deepEqual(
      paths.trim().split('\n').sort(),
      bytes.map((text) => `${sha256(text).slice(0, 2)}/${sha256(text)}.json`).sort(),
    );
    assert.equal(await project.git('fsck', '--strict', '--no-dangling'), '');
  }).timeout(60_000);

  it('takes the same record twice as one', async () => {
    const git = new Git(project.dir);
    const text = '{"record":1}\n';
    await writeRecord(git, sha256(text), text);
    const tip = await project.git('rev-parse', 'refs/countersign/records');
    await writeRecord(git, sha256(text), text);
    assert.equal(await project.git('rev-parse', 'refs/countersign/records'), tip);
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
