import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';
import { assistantWrites, fitOf, pending, personWrites, shown, trailers } from '../support/reports.ts';

const math = 'export function add(a, b) {\n  return a + b;\n}\n';

describe('a commit', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'src/math.js': math });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  async function message(): Promise<string> {
    return await project.git('log', '-1', '--format=%B');
  }

  it('carries trailers and a record that fits exactly', async () => {
    await assistantWrites(project, { 'src/new.js': 'one();\ntwo();\n' });
    await personWrites(project, { 'src/new.js': 'one();\ntwo();\nthree();\n' });
    await project.write({ 'src/math.js': `${math}// nobody said who\n` });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add things');

    assert.deepEqual(await shown(project), [
      'src/math.js:4 unknown',
      'src/new.js:1 ai',
      'src/new.js:2 ai',
      'src/new.js:3 human',
    ]);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
    const block = await trailers(project);
    assert.deepEqual([...block.keys()], ['Assisted-by', 'AI-Lines', 'Change-Risk', 'Provenance']);
    assert.deepEqual(block.get('Assisted-by'), ['my-agent (m-1)']);
    assert.deepEqual(block.get('AI-Lines'), ['2/4 added, 0 reviewed, 1 unknown']);
    const digest = block.get('Provenance')?.[0]?.replace('sha256:', '') as string;
    const record = await project.git('show', `refs/countersign/records:${digest.slice(0, 2)}/${digest}.json`);
    assert.equal(createHash('sha256').update(record).digest('hex'), digest);
    assert.ok((await message()).split('\n').every((line) => line.length <= 100));
    assert.equal(await project.git('status', '--porcelain'), '');
  });

  it('keeps no line number, path outside, text or session in the record', async () => {
    await assistantWrites(project, { 'src/new.js': 'secretFunction();\n' }, { session: 'very-secret-session' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add');
    const record = await project.git('grep', '--no-line-number', '-h', '', 'refs/countersign/records');
    for (const word of ['secretFunction', 'very-secret-session', project.home]) assert.ok(!record.includes(word), word);
    assert.ok(!/"line":/.test(record));
  });

  it('with -a, from a subdirectory', async () => {
    await assistantWrites(project, { 'src/math.js': math.replace('a + b', 'b + a') });
    await project.gitWith({ cwd: path.join(project.dir, 'src') }, 'commit', '-qam', 'Swap');
    assert.deepEqual(await shown(project), ['src/math.js:2 ai']);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
  });

  it('of one path leaves the other pending', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n', 'b.js': 'b();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Only a', 'a.js');
    assert.deepEqual(await shown(project), ['a.js:1 ai']);
    assert.deepEqual(await pending(project, '--staged'), ['b.js:1 ai']);
  });

  it('of a part of a file keeps the origins of just that part', async () => {
    await assistantWrites(project, { 'src/math.js': `// by AI\n${math}` });
    await project.git('add', '--all');
    await personWrites(project, { 'src/math.js': `// by AI\n${math}// by a person\n` });
    await project.git('commit', '-qm', 'Staged part');
    assert.deepEqual(await shown(project), ['src/math.js:1 ai']);
    assert.deepEqual(await pending(project), ['src/math.js:5 human']);
  });

  it('that is the first one of a repository', async () => {
    await project.git('checkout', '-q', '--orphan', 'fresh');
    await project.git('rm', '-rqf', '.');
    await assistantWrites(project, { 'first.js': 'first();\n' });
    assert.deepEqual(await pending(project), ['first.js:1 ai']);
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'First');
    assert.deepEqual(await shown(project), ['first.js:1 ai']);
    assert.equal(await project.git('rev-list', '--count', 'HEAD'), '1\n');
  });

  it('in a linked worktree has a pending state of its own', async () => {
    const linked = path.join(project.home, 'linked');
    await project.git('worktree', 'add', '-q', linked, '-b', 'side');
    await assistantWrites(project, { [path.join(linked, 'w.js')]: null });
    const inLinked = { cwd: linked };
    const event = { version: 1, tool: 'my-agent', session: 's', cwd: linked, files: ['w.js'] };
    await project.countersign(['hook', 'generic'], {
      ...inLinked,
      input: JSON.stringify({ ...event, event: 'before-edit' }),
    });
    await writeFile(path.join(linked, 'w.js'), 'w();\n');
    await project.countersign(['hook', 'generic'], {
      ...inLinked,
      input: JSON.stringify({ ...event, event: 'after-edit' }),
    });
    assert.deepEqual(await pending(project), []);
    await project.gitWith(inLinked, 'add', '--all');
    await project.gitWith(inLinked, 'commit', '-qm', 'In the worktree');
    assert.deepEqual(await shown(project, 'side'), ['w.js:1 ai']);
  });

  it('amended has the trailers of the whole commit, once', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    await assistantWrites(project, { 'b.js': 'b();\n' }, { tool: 'other-agent', model: 'm-2' });
    await project.git('add', '--all');
    await project.git('commit', '-q', '--amend', '--no-edit');
    const block = await trailers(project);
    assert.deepEqual(block.get('Assisted-by'), ['my-agent (m-1)', 'other-agent (m-2)']);
    assert.equal(block.get('Provenance')?.length, 1);
    assert.equal(block.get('AI-Lines')?.[0], '2/2 added, 0 reviewed');
    assert.deepEqual(await shown(project), ['a.js:1 ai', 'b.js:1 ai']);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
  });

  it('amended with another message within the same second has the right record all the same', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    await assistantWrites(project, { 'a.js': 'a();\nb();\n' });
    await project.git('commit', '-qa', '--amend', '-m', 'Add a and b');
    assert.deepEqual(await shown(project), ['a.js:1 ai', 'a.js:2 ai']);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
  });

  it("with another commit's message keeps that one's digest, and adds its own", async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    await project.write({ 'c.js': 'c();\n' });
    await project.git('add', '--all');
    // A commit of the author and second of HEAD would be taken for an amend.
    await project.git('commit', '-qm', 'Between', '--date=2020-01-01T00:00:00Z');
    await personWrites(project, { 'b.js': 'b();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-q', '-C', 'HEAD~1');
    assert.equal((await trailers(project)).get('Provenance')?.length, 2);
    assert.deepEqual(await shown(project), ['b.js:1 human']);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
  });

  it('keeps the bytes of a message that is not UTF-8', async () => {
    await project.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    await project.git('config', 'i18n.logOutputEncoding', 'UTF-8');
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    const words = path.join(project.home, 'message');
    await writeFile(words, Buffer.from('Gr\u00fc\u00dfe\n', 'latin1'));
    await project.git('commit', '-q', '-F', words);
    await project.git('commit', '-q', '--amend', '--no-edit');
    assert.equal((await message()).split('\n')[0], 'Gr\u00fc\u00dfe');
    assert.equal((await trailers(project)).get('Provenance')?.length, 1);
  });

  it('without a word of its own is still aborted', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    const head = await project.git('rev-parse', 'HEAD');
    for (const args of [['-m', ''], ['--edit'], ['-s', '-m', '']]) {
      const env = { GIT_EDITOR: 'true' };
      await assert.rejects(project.gitWith({ env }, 'commit', '-q', ...args), args.join(' '));
      assert.equal(await project.git('rev-parse', 'HEAD'), head);
    }
  });

  it('written in an editor shows the trailers as comments, and has them once', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    const editor = path.join(project.home, 'editor.sh');
    const seen = path.join(project.home, 'seen');
    await writeFile(
      editor,
      `#!/bin/sh\ncp "$1" ${seen}\nprintf 'My words\\n' | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n`,
      { mode: 0o755 },
    );
    await project.gitWith({ env: { GIT_EDITOR: editor } }, 'commit', '-q');
    const preview = await readFile(seen, 'utf8');
    assert.match(preview, /^# Countersign: {3}Assisted-by: my-agent \(m-1\)$/m);
    assert.equal((await message()).split('\n')[0], 'My words');
    assert.ok(!(await message()).includes('Countersign:'));
    assert.equal((await trailers(project)).get('Assisted-by')?.length, 1);
  });

  it('keeps one block with other trailers, and lines that begin with # as text', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qs', '-m', 'Add a', '-m', '#12 is mended\n---\nmore');
    const block = await trailers(project);
    assert.deepEqual([...block.keys()], ['Signed-off-by', 'Assisted-by', 'AI-Lines', 'Change-Risk', 'Provenance']);
    assert.match(await message(), /^Add a\n\n#12 is mended\n---\nmore\n\nSigned-off-by:/);
  });

  it('with -v keeps the diff out of the message', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    const editor = path.join(project.home, 'editor.sh');
    await writeFile(editor, '#!/bin/sh\nprintf "Words\\n" | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n', {
      mode: 0o755,
    });
    await project.gitWith({ env: { GIT_EDITOR: editor } }, 'commit', '-qv');
    assert.match(await message(), /^Words\n\nAssisted-by: /);
    assert.ok(!(await message()).includes('diff --git'));
  });

  it('with --no-verify gets its record by a note, its message untouched', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Quick', '--no-verify');
    assert.equal((await message()).trim(), 'Quick');
    assert.deepEqual(await shown(project), ['a.js:1 ai']);
    assert.match(await project.git('notes', '--ref=countersign', 'show', 'HEAD'), /^[0-9a-f]{64}\n$/);
  });

  it('of nothing but deletions, binary files or modes has no trailers', async () => {
    await project.write({ 'src/math.js': 'export function add(a, b) {\n}\n' });
    await writeFile(path.join(project.dir, 'image.bin'), Buffer.from([0, 1, 2, 10, 0]));
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Less');
    assert.equal((await message()).trim(), 'Less');
  });

  it('by a model whose name tries to forge a trailer', async () => {
    const model = 'x)\nSigned-off-by: Boss <boss@example.com>\n\u202e';
    await assistantWrites(project, { 'a.js': 'a();\n' }, { model });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    const block = await trailers(project);
    assert.deepEqual([...block.keys()], ['Assisted-by', 'AI-Lines', 'Change-Risk', 'Provenance']);
    assert.equal(block.get('Assisted-by')?.[0], 'my-agent (x Signed-off-by: Boss boss@example.com)');
  });

  it('of a merge records only the lines of the resolution', async () => {
    await project.git('checkout', '-qb', 'side');
    await assistantWrites(project, { 'src/math.js': math.replace('a + b', 'a + b + 0') });
    await project.git('commit', '-qam', 'Side');
    await project.git('checkout', '-q', 'main');
    await assistantWrites(project, { 'src/math.js': math.replace('a + b', '0 + a + b') });
    await project.git('commit', '-qam', 'Main');
    await assert.rejects(project.git('merge', '-q', 'side'));
    await assistantWrites(project, { 'src/math.js': math.replace('a + b', 'sum(a, b)') });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Merge side');
    assert.equal((await project.git('rev-list', '--parents', '-1', 'HEAD')).split(' ').length, 3);
    assert.deepEqual(await shown(project), ['src/math.js:2 ai']);
  });

  it('after a pre-commit hook that restages is of the final text', async () => {
    const hook = '#!/bin/sh\nprintf "a(  );\\nb();\\n" > a.js && git add a.js\n';
    await writeFile(path.join(project.dir, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Formatted');
    assert.deepEqual(await shown(project), ['a.js:1 ai', 'a.js:2 unknown']);
    assert.deepEqual(await fitOf(project), { state: 'exact' });
  });

  it('survives a clean rebase, cherry-pick and squash by its record alone', async () => {
    await project.git('checkout', '-qb', 'side');
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    await personWrites(project, { 'b.js': 'b();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add b');
    await project.git('checkout', '-q', 'main');
    await project.write({ 'c.js': 'c();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Meanwhile');
    await project.git('cherry-pick', 'side~1');
    assert.deepEqual([await shown(project), await fitOf(project)], [['a.js:1 ai'], { state: 'exact' }]);
    await project.git('reset', '-q', '--hard', 'HEAD~1');
    await project.git('rebase', '-q', 'main', 'side');
    assert.deepEqual(await shown(project, 'side~1'), ['a.js:1 ai']);
    assert.deepEqual(await shown(project, 'side'), ['b.js:1 human']);
    await project.git('reset', '-q', '--soft', 'main');
    await project.git('commit', '-qm', 'Both', '-m', await project.git('log', '--format=%B', 'ORIG_HEAD', '-2'));
    assert.deepEqual(await shown(project), ['a.js:1 ai', 'b.js:1 human']);
  });

  it('says so where its record is not here', async () => {
    await assistantWrites(project, { 'a.js': 'a();\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    await project.git('update-ref', '-d', 'refs/countersign/records');
    const answer = (await fitOf(project)) as { state: string; digests: string[] };
    assert.equal(answer.state, 'missing');
    assert.match(await project.countersignOutput('show', 'HEAD'), /"countersign sync" fetches them/);
    assert.deepEqual(await fitOf(project, 'HEAD~1'), { state: 'none' });
  });

  it('is blamed line by line, pending lines among them', async () => {
    await assistantWrites(project, { 'src/math.js': `// by AI\n${math}` });
    await project.git('commit', '-qam', 'Comment');
    await personWrites(project, { 'src/math.js': `// by AI\n${math}// by a person\n` });
    const blame = JSON.parse(await project.countersignOutput('blame', 'src/math.js', '--json')) as {
      lines: { line: number; commit: string | null; class: string; tool?: string }[];
    };
    const head = (await project.git('rev-parse', 'HEAD')).trim();
    const base = (await project.git('rev-parse', 'HEAD~1')).trim();
    assert.deepEqual(
      blame.lines.map((line) => [line.commit, line.class]),
      [
        [head, 'ai'],
        [base, 'base'],
        [base, 'base'],
        [base, 'base'],
        [null, 'human'],
      ],
    );
    assert.equal(blame.lines[0]?.tool, 'my-agent');
    const old = JSON.parse(await project.countersignOutput('blame', 'src/math.js', '--rev', 'HEAD~1', '--json'));
    assert.deepEqual(
      old.lines.map((line: { class: string }) => line.class),
      ['base', 'base', 'base'],
    );
  });

  it('counts reviewed lines once a person has said so', async () => {
    await assistantWrites(project, { 'a.js': 'a();\nb();\n' });
    assert.equal(await project.countersignOutput('review', 'a.js'), '2 AI lines marked as reviewed\n');
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add a');
    assert.equal((await trailers(project)).get('AI-Lines')?.[0], '2/2 added, 2 reviewed');
    assert.ok(!(await trailers(project)).get('Change-Risk')?.[0]?.includes('unseen-ai'));
  });
});
