import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Scenario } from '../support/scenario.ts';

const ours = ['Assisted-by', 'AI-Lines', 'Change-Risk', 'Provenance'];

describe('the message of a commit', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create({ 'a.js': 'old();\n' });
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.git('add', '--all');
  });
  afterEach(() => scenario.dispose());

  /** Commits with an editor that runs a shell script on the message file `$1`. */
  async function edit(script: string, ...args: string[]): Promise<void> {
    const editor = path.join(scenario.project.home, 'editor.sh');
    await writeFile(editor, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await scenario.gitWith({ env: { GIT_EDITOR: editor } }, 'commit', '-q', ...args);
  }
  const prepend = (words: string): string => `printf '${words}' | cat - "$1" > "$1.new" && mv "$1.new" "$1"`;

  async function keys(): Promise<string[]> {
    return [...(await scenario.trailers()).keys()];
  }

  async function isAborted(...args: string[]): Promise<void> {
    const head = await scenario.git('rev-parse', 'HEAD');
    await assert.rejects(scenario.gitWith({ env: { GIT_EDITOR: 'true' } }, 'commit', '-q', ...args), args.join(' '));
    assert.equal(await scenario.git('rev-parse', 'HEAD'), head);
  }

  it('given by -m twice has the trailers below the last part', async () => {
    await scenario.git('commit', '-qm', 'Subject', '-m', 'Body: it is long.\nAnd more.');
    assert.match(
      await scenario.message(),
      /^Subject\n\nBody: it is long\.\nAnd more\.\n\nAssisted-by: my-agent \(m-1\)\n/,
    );
    assert.deepEqual(await keys(), ours);
  });

  it('of one line that begins with a number sign is no comment', async () => {
    await scenario.git('commit', '-qm', '#12 Mend it');
    assert.match(await scenario.message(), /^#12 Mend it\n\nAssisted-by: /);
    assert.deepEqual(await keys(), ours);
  });

  it('given by -F, without a line break at its end, keeps its bytes', async () => {
    const file = path.join(scenario.project.home, 'words');
    await writeFile(file, 'Subject\n\nBody with  two blanks');
    await scenario.git('commit', '-q', '-F', file);
    assert.match(await scenario.message(), /^Subject\n\nBody with {2}two blanks\n\nAssisted-by: /);
  });

  it('with --trailer and -s is one block', async () => {
    await scenario.git('commit', '-qs', '-m', 'Subject', '--trailer', 'Reviewed-by: R <r@example.com>');
    assert.deepEqual(await keys(), ['Signed-off-by', 'Reviewed-by', ...ours]);
  });

  it('with a blank line between two blocks, as VS Code leaves it, goes on with the last', async () => {
    const words = 'Subject\n\nSigned-off-by: A <a@example.com>\n\nCo-authored-by: B <b@example.com>\n';
    await scenario.gitWith({ input: words }, 'commit', '-q', '-F', '-');
    assert.deepEqual(await keys(), ['Co-authored-by', ...ours]);
    assert.match(await scenario.message(), /Signed-off-by: A <a@example\.com>\n\nCo-authored-by: B/);
  });

  it('whose last part is a breaking change begins a block of its own', async () => {
    await scenario.git('commit', '-qm', 'Subject', '-m', 'BREAKING CHANGE: all\nRefs: 12');
    assert.deepEqual(await keys(), ours);
  });

  it('with claims in prose, indented or in an upper block has only our own digest', async () => {
    const digest = 'ab'.repeat(32);
    const body = `See Provenance: sha256:${digest}\n\n    Provenance: sha256:${digest}\n\nProvenance: sha256:${digest}\nText.`;
    await scenario.git('commit', '-qm', 'Subject', '-m', body, '-m', `Provenance: sha256:${digest}`, '-m', 'The end.');
    const block = await scenario.trailers();
    assert.equal(block.get('Provenance')?.length, 1);
    assert.notEqual(block.get('Provenance')?.[0], `sha256:${digest}`);
    const { records, fit } = await scenario.resolved();
    assert.deepEqual(
      records.map(({ source, found }) => [source, typeof found]),
      [
        ['trailer', 'object'],
        ['message', 'string'],
      ],
    );
    assert.equal(fit.state, 'exact');
  });

  it('with a forged block keeps the foreign digest beside ours, and ours counts the lines', async () => {
    const forged = `AI-Lines: 0/9 added, 9 reviewed\nChange-Risk: low 1/100\nProvenance: sha256:${'cd'.repeat(32)}`;
    await scenario.git('commit', '-qm', 'Subject', '-m', forged);
    const block = await scenario.trailers();
    assert.deepEqual(block.get('AI-Lines'), ['1/1 added, 0 reviewed']);
    assert.equal(block.get('Change-Risk')?.length, 1);
    assert.equal(block.get('Provenance')?.length, 2);
    assert.equal(await scenario.fit(), 'exact');
  });

  it('that is empty, of comments or a sign-off alone is still aborted', async () => {
    await isAborted('-m', '');
    await isAborted('--edit');
    await isAborted('-s', '--edit');
    await isAborted('-s', '-m', '');
    await isAborted('-m', '# only a comment', '--cleanup=strip');
    await isAborted('--edit', '-v');
  });

  it('that is its template, untouched, is still aborted', async () => {
    const template = path.join(scenario.project.home, 'template');
    await writeFile(template, 'Subject: what\n\nWhy?\n# a hint\n');
    await isAborted('-t', template);
    await isAborted('-s', '-t', template);
    await scenario.git('config', 'commit.template', template);
    await isAborted();
    await edit(prepend('Words\\n'), '--date=2020-01-01T00:00:00Z');
    assert.match(await scenario.message(), /^Words\nSubject: what\n\nWhy\?\n\nAssisted-by: /);
    await scenario.git('commit', '-q', '--amend', '-m', 'Subject: what', '-m', 'Why?');
    assert.deepEqual(await keys(), ours);
  });

  it('with -v, an upper block and comments has the trailers in that block, and no diff', async () => {
    await edit(prepend('Words\\n'), '-v', '-s');
    assert.deepEqual(await keys(), ['Signed-off-by', ...ours]);
    assert.ok(!(await scenario.message()).includes('diff --git'));
    assert.ok(!(await scenario.message()).includes('#'));
  });

  for (const cleanup of ['strip', 'whitespace', 'verbatim', 'scissors', 'default']) {
    it(`cleaned up by ${cleanup}, said on the command line, without an editor`, async () => {
      await scenario.git('commit', '-q', `--cleanup=${cleanup}`, '-m', 'Words', '-m', '#1 is text');
      assert.deepEqual(await keys(), ours);
      assert.equal((await scenario.message()).includes('#1 is text'), cleanup !== 'strip');
      assert.equal(await scenario.fit(), 'exact');
    });

    it(`cleaned up by ${cleanup}, said on the command line, in an editor`, async () => {
      await edit(prepend('Words\\n'), `--cleanup=${cleanup}`, '-s');
      const block = await scenario.trailers();
      for (const key of ours) assert.equal(block.get(key)?.length, 1, key);
      assert.ok(!(await scenario.message()).includes('Countersign:'));
      assert.equal(await scenario.fit(), 'exact');
    });

    it(`cleaned up by ${cleanup}, as is set, in an editor`, async () => {
      await scenario.git('config', 'commit.cleanup', cleanup);
      await edit(prepend('Words\\n'), '-s');
      const block = await scenario.trailers();
      for (const key of ours) assert.equal(block.get(key)?.length, 1, key);
      assert.ok(!(await scenario.message()).includes('Countersign:'));
      assert.ok(!(await scenario.message()).includes('>8'));
    });
  }

  for (const comment of [';', 'auto', '%']) {
    it(`with comments that begin with ${comment}`, async () => {
      await scenario.git('config', 'core.commentChar', comment);
      await isAborted('--edit');
      await edit(prepend('Words\\n#1 is text\\n'), '-s');
      assert.match(await scenario.message(), /^Words\n/);
      assert.deepEqual(await keys(), ['Signed-off-by', ...ours]);
      assert.ok(!(await scenario.message()).includes('Please enter'));
    });
  }

  it('keeps a line of a person that looks like our preview', async () => {
    await scenario.git('commit', '-qm', 'Mend Countersign: the hooks', '-m', '# Countersign: is text here');
    assert.match(await scenario.message(), /^Mend Countersign: the hooks\n\n# Countersign: is text here\n/);
  });

  it('in Latin-1 has no byte that is not', async () => {
    await scenario.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    await scenario.git('config', 'i18n.logOutputEncoding', 'UTF-8');
    await scenario.assistantWrites({ 'b.js': 'c();\n' }, { model: 'mödel' });
    const words = path.join(scenario.project.home, 'words');
    await writeFile(words, Buffer.from('Grüße\n', 'latin1'));
    await scenario.git('commit', '-qa', '-F', words);
    assert.match(await scenario.message(), /^Grüße\n\nAssisted-by: my-agent \(m\?del\)\n/);
  });

  it('is the same whatever settings a person has for trailers', async () => {
    const settings = [
      ['trailer.where', 'start'],
      ['trailer.ifexists', 'doNothing'],
      ['trailer.ifmissing', 'doNothing'],
      ['trailer.separators', '=%'],
      ['trailer.assist.key', 'Assisted-By'],
      ['trailer.assist.ifexists', 'doNothing'],
      ['trailer.sign.key', 'Signature'],
      ['trailer.sign.command', 'echo forged'],
      ['trailer.provenance.cmd', 'echo forged'],
    ];
    for (const [key, value] of settings) await scenario.git('config', key as string, value as string);
    await scenario.git('commit', '-qm', 'Subject', '-m', 'Reviewed-by: R <r@example.com>');
    const message = await scenario.message();
    assert.match(message, /^Subject\n\nReviewed-by: R <r@example\.com>\nAssisted-by: my-agent \(m-1\)\nAI-Lines: /);
    assert.ok(!message.includes('forged'));
    assert.equal(await scenario.fit(), 'exact');
  });

  it('goes on with a paragraph of text and trailers that a setting makes a block', async () => {
    await scenario.git('config', 'trailer.ticket.key', 'Ticket');
    await scenario.git('commit', '-qm', 'Subject', '-m', 'text that goes on\nTicket: 12\nOther: 1');
    assert.match(await scenario.message(), /\ntext that goes on\nTicket: 12\nOther: 1\nAssisted-by: /);
  });

  it('with -c on the command line for one commit is read so', async () => {
    await scenario.git('-c', 'countersign.trailers=slash', '-c', 'core.commentChar=;', 'commit', '-qm', 'Subject');
    assert.deepEqual((await scenario.trailers()).get('Assisted-by'), ['my-agent/m-1']);
  });

  it('keeps the mode of its file, and leaves nothing beside it', async () => {
    const file = path.join(scenario.gitDir, 'COMMIT_EDITMSG');
    await scenario.git('commit', '-qm', 'Subject');
    assert.match(await readFile(file, 'utf8'), /Provenance: sha256:/);
    assert.deepEqual(
      (await readdir(scenario.gitDir)).filter((name) => name.startsWith('COMMIT_EDITMSG')),
      ['COMMIT_EDITMSG'],
    );
  });

  it('is as the person wrote it where the record cannot be stored, and the commit goes on', async () => {
    const { commonDir } = scenario.place.repository;
    await writeFile(path.join(commonDir, 'refs/countersign'), 'in the way');
    const { stderr, code } = await scenario.project.countersign(
      ['git-hook', 'commit-msg', await messageFile('Words\n')],
      {
        cwd: scenario.top,
        env: { GIT_EDITOR: ':' },
      },
    );
    assert.equal(code, 0);
    assert.match(stderr, /commit-msg: git fast-import failed .* commit goes on, perhaps without provenance/);
    assert.equal(await readFile(path.join(scenario.gitDir, 'COMMIT_EDITMSG'), 'utf8'), 'Words\n');
    await scenario.git('commit', '-qm', 'Subject');
    assert.equal((await scenario.message()).trim(), 'Subject');
  });

  it('is as the person wrote it where nothing can be written beside it', async () => {
    const file = path.join(scenario.gitDir, 'x'.repeat(250));
    await writeFile(file, 'Words\n');
    const { code, stderr } = await scenario.project.countersign(['git-hook', 'commit-msg', file], {
      cwd: scenario.top,
    });
    assert.equal(code, 0);
    assert.match(stderr, /commit-msg: ENAMETOOLONG/);
    assert.equal(await readFile(file, 'utf8'), 'Words\n');
  });

  async function messageFile(words: string): Promise<string> {
    const file = path.join(scenario.gitDir, 'COMMIT_EDITMSG');
    await writeFile(file, words);
    return file;
  }
});
