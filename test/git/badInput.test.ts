import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finished } from '../support/program.ts';
import { Project } from '../support/project.ts';
import { assistantWrites } from '../support/reports.ts';

/** One clear line on standard error, and nothing else. */
function assertOneLine({ code, stdout, stderr }: Finished, expectedCode: number, pattern: RegExp): void {
  assert.match(stderr, /^countersign: [^\n]{10,300}\n$/);
  assert.match(stderr, pattern);
  assert.equal(stdout, '');
  assert.equal(code, expectedCode);
}

describe('bad input', () => {
  let project: Project;
  const readers = [
    ['status'],
    ['show', 'HEAD'],
    ['blame', 'a.txt'],
    ['risk'],
    ['review', '--all'],
    ['install', '--git'],
  ];

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
  });
  afterEach(() => project.dispose());

  it('no git repository', async () => {
    for (const args of readers) {
      assertOneLine(
        await project.countersign(args, { cwd: project.home }),
        1,
        /is not in a git repository \(.*\): run this inside one/,
      );
    }
    assertOneLine(
      await project.countersign(['git-hook', 'commit-msg', 'x'], { cwd: project.home }),
      0,
      /the commit goes on/,
    );
  });

  it('a bare repository: what is committed can be read, there is nothing else', async () => {
    await project.git('clone', '-q', '--bare', '.', 'bare.git');
    assert.equal((await project.countersign(['show', 'HEAD'], { cwd: path.join(project.dir, 'bare.git') })).code, 0);
    for (const args of readers.filter(([command]) => command !== 'show')) {
      assertOneLine(
        await project.countersign(args, { cwd: path.join(project.dir, 'bare.git') }),
        1,
        /has no work tree/,
      );
    }
  });

  it('no git, and a git that is too old', async () => {
    const bin = path.join(project.home, 'bin');
    await mkdir(bin);
    assertOneLine(await project.countersign(['status'], { env: { PATH: bin } }), 1, /is git on the PATH/);
    const real = project.env['PATH'];
    const script = `#!/bin/sh\nfor word; do [ "$word" = version ] && { echo "git version 2.20.1"; exit; }; done\nPATH='${real}' exec git "$@"\n`;
    await writeFile(path.join(bin, 'git'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${real}` };
    for (const args of readers) {
      assertOneLine(await project.countersign(args, { env }), 1, /git version 2\.20\.1 is too old: .* 2\.30 or later/);
    }
  });

  it('a .git that cannot be written: reading works, a hook says one line and ends with 0', async () => {
    await project.write({ 'a.txt': 'a\nb\n' });
    const git = path.join(project.dir, '.git');
    // Root may write everywhere: a file in the place of our folder stands for a folder that is read-only.
    await writeFile(path.join(git, 'countersign'), '');
    await chmod(git, 0o500);
    try {
      assert.match(await project.countersignOutput('status'), /1 line added: 1 unknown/);
      const payload = { version: 1, event: 'after-edit', cwd: project.dir, tool: 't', session: 's', files: ['a.txt'] };
      assertOneLine(
        await project.countersign(['hook', 'generic'], { input: JSON.stringify(payload) }),
        0,
        /countersign/,
      );
    } finally {
      await chmod(git, 0o700);
    }
  });

  it('a command that is off', async () => {
    for (const args of [
      ['nothing'],
      ['show'],
      ['show', 'a', 'b'],
      ['status', '--wrong'],
      ['install'],
      ['install', '--agents', 'nobody'],
      ['review'],
    ]) {
      assertOneLine(await project.countersign(args), 2, /usage|help/);
    }
  });

  it('a revision or a file that is not there', async () => {
    assertOneLine(await project.countersign(['show', 'nothing']), 1, /nothing is not a commit/);
    assertOneLine(await project.countersign(['show', '--', '--output=x']), 1, /is not a commit/);
    assertOneLine(await project.countersign(['blame', 'nothing.txt']), 1, /nothing\.txt is not there/);
    assertOneLine(await project.countersign(['blame', '../outside.txt']), 1, /is not in the work tree/);
    assertOneLine(await project.countersign(['blame', '.git/config']), 1, /is not in the work tree/);
    assertOneLine(await project.countersign(['review', 'a.txt']), 1, /has no pending change/);
  });

  it('a pending state that was damaged is as good as none', async () => {
    await assistantWrites(project, { 'b.txt': 'b\n' });
    const folder = path.join(project.dir, '.git/countersign');
    for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (name.isFile()) await writeFile(path.join(name.parentPath, name.name), '{"torn":');
    }
    assert.match(await project.countersignOutput('status'), /1 line added: 1 unknown/);
    await assistantWrites(project, { 'b.txt': 'b\nc\n' });
    assert.match(await project.countersignOutput('status'), /2 lines added: 1 AI, 1 unknown/);
  });
});
