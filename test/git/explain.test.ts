import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';
import { assistantWrites, personWrites, report } from '../support/reports.ts';

interface Answer {
  readonly schema: string;
  readonly state: 'pending' | 'committed';
  readonly commit: string | null;
  readonly class: string;
  readonly complete: boolean;
  readonly steps: readonly {
    readonly at: string | null;
    readonly change: string;
    readonly from?: unknown;
    readonly by: { readonly origin: string; readonly tool?: string; readonly rule?: string } | null;
  }[];
  readonly characters: readonly { readonly count: number; readonly origin: string }[];
}

const start = 'first();\nsecond();\nthird();\n';

describe('countersign explain', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'src/a.js': start });
  });
  afterEach(() => project.dispose());

  /** Takes note of what a file holds, as any assistant's report does, without writing. */
  async function observe(file: string): Promise<void> {
    const event = { version: 1, tool: 'other-agent', session: 's-2', cwd: project.dir, files: [file] };
    await report(project, { ...event, event: 'before-edit' });
  }

  async function explained(position: string): Promise<Answer> {
    const answer = JSON.parse(await project.countersignOutput('explain', position, '--json')) as Answer;
    assert.equal(answer.schema, 'countersign/explain/1');
    return answer;
  }

  async function steps(position: string): Promise<string[]> {
    const { steps: found } = await explained(position);
    return found.map(({ change, from, by }) =>
      [by?.origin ?? '-', change, from].filter((x) => x !== undefined).join(' '),
    );
  }

  /** What a person is told who asks for something that cannot be explained: one line, and the exit code. */
  async function refused(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await project.countersign(['explain', ...args]);
    assert.equal(stdout, '');
    assert.match(stderr, /^countersign: [^\n]+\n$/);
    return `${code}: ${stderr.slice('countersign: '.length).trimEnd()}`;
  }

  it('tells each step of a line: written, changed, moved, and what stands now', async () => {
    await assistantWrites(project, { 'src/a.js': `${start}const total = sum(items) * 1;\n` });
    await personWrites(project, { 'src/a.js': `${start}const total = sum(items) * 2;\n` });
    await project.write({ 'src/a.js': `const total = sum(items) * 2;\n${start}` });
    const text = await project.countersignOutput('explain', 'src/a.js:1');
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    const expected = [
      String.raw`src/a\.js:1  mixed`,
      String.raw`  const total = sum\(items\) \* 2;`,
      String.raw`  ${time}  my-agent \(m-1\), session s-1, reported \(difference\): wrote the line`,
      `  ${time}  a person, observed: changed "1" to "2"`,
      String.raw`  since then        nobody known \(changed on disk, and nobody reported it\): moved it from line 4`,
      String.raw`  as it stands: 23 characters by my-agent \(m-1\), 1 by a person → mixed, counts as AI`,
    ];
    assert.match(text, new RegExp(`^${expected.join('\n')}\n$`));
    await observe('src/a.js');
    const answer = await explained('src/a.js:1');
    assert.equal(answer.class, 'mixed');
    assert.equal(answer.complete, true);
    assert.deepEqual(
      answer.characters.map(({ count, origin }) => `${count} ${origin}`),
      ['23 ai', '1 human'],
    );
    const times = answer.steps.map(({ at }) => Date.parse(at ?? ''));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.deepEqual(await steps('src/a.js:1'), ['ai written', 'human changed', 'unknown moved 4']);
  });

  it('tells who only looked first from who wrote', async () => {
    await observe('src/a.js');
    const event = { version: 1, tool: 'my-agent', session: 's-1', cwd: project.dir, files: ['src/a.js'] };
    await report(project, { ...event, event: 'before-edit' });
    await project.write({ 'src/a.js': `${start}seen();\n` });
    await observe('src/a.js');
    await project.write({ 'src/a.js': `${start}seen();\nlater();\n` });
    await report(project, { ...event, event: 'after-edit' });
    assert.deepEqual(await steps('src/a.js:4'), ['unknown written', 'ai claimed']);
    assert.deepEqual(await steps('src/a.js:5'), ['ai written']);
  });

  it('names the rule where an assistant is only inferred', async () => {
    await project.write({ 'src/a.js': `${start}sum();\n` });
    await report(project, {
      ...{ version: 1, event: 'after-edit', tool: 'my-agent', session: 's-1' },
      ...{ cwd: project.dir, files: ['src/a.js'] },
    });
    assert.match(
      await project.countersignOutput('explain', 'src/a.js:4'),
      /my-agent, session s-1, inferred \(no-before-edit\): wrote/,
    );
  });

  it('does not take what a stash brought back for written again', async () => {
    await assistantWrites(project, { 'src/a.js': `${start}sum(items);\n` });
    await project.git('stash', '-q');
    await observe('src/a.js');
    await project.git('stash', 'pop', '-q');
    assert.deepEqual(await steps('src/a.js:4'), ['ai written', '- restored']);
    await observe('src/a.js');
    assert.deepEqual(await steps('src/a.js:4'), ['ai written', '- restored']);
  });

  it('follows a renamed file', async () => {
    await assistantWrites(project, { 'src/a.js': `${start}sum(items);\n` });
    await project.git('mv', 'src/a.js', 'src/b.js');
    await observe('src/b.js');
    assert.deepEqual(await steps('src/b.js:4'), ['ai written']);
  });

  it('explains a new file that git does not track, its colons, and from another folder', async () => {
    await assistantWrites(project, { 'odd:12:name.js': 'new();\n' });
    assert.deepEqual(await steps('odd:12:name.js:1'), ['ai written']);
    await project.git('rm', '-q', '--cached', 'src/a.js');
    assert.deepEqual(await steps('src/a.js:1'), ['unknown written']);
    const { stdout } = await project.countersign(['explain', '../odd:12:name.js:1'], {
      cwd: path.join(project.dir, 'src'),
    });
    assert.match(stdout, /^odd:12:name\.js:1 {2}ai\n/);
  });

  it('explains a file before the first commit', async () => {
    await project.git('update-ref', '-d', 'HEAD');
    assert.deepEqual(await steps('src/a.js:1'), ['unknown written']);
  });

  it('says so where earlier texts are no longer kept', async () => {
    await assistantWrites(project, { 'src/a.js': `${start}sum(items);\n` });
    await personWrites(project, { 'src/a.js': `${start}sum(items, 1);\n` });
    const { complete } = await explained('src/a.js:4');
    assert.equal(complete, true);
    const texts = path.join(project.dir, '.git/countersign/texts');
    for (const entry of await readdir(texts, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && !(await readFile(file, 'utf8')).endsWith('1);\n')) await rm(file);
    }
    assert.match(
      await project.countersignOutput('explain', 'src/a.js:4'),
      /\n {2}some earlier steps are no longer known\n.*my-agent.*wrote "sum\(items\);"\n.*a person, observed: wrote ", 1"\n/,
    );
  });

  it('tells of a committed line its commit, and what the record says of it', async () => {
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'src/a.js': `${start}sum(items);\n` });
    await project.git('commit', '-qam', 'Sum');
    const commits = (await project.git('log', '--format=%H')).trim().split('\n');
    const [recorded = '', unrecorded = ''] = commits.map((commit) => commit.slice(0, 12));
    assert.equal(
      await project.countersignOutput('explain', 'src/a.js:4'),
      `src/a.js:4  ai, of commit ${recorded}: my-agent (m-1), reported, unseen (countersign show ${recorded})\n`,
    );
    assert.equal(
      await project.countersignOutput('explain', 'src/a.js:1'),
      `src/a.js:1  base, of commit ${unrecorded}: nothing is known of this line (countersign show ${unrecorded})\n`,
    );
    const answer = await explained('src/a.js:4');
    assert.deepEqual([answer.state, answer.commit, answer.class], ['committed', commits[0], 'ai']);
    // Lines around it are pending now; this one is where it was.
    await personWrites(project, { 'src/a.js': `zero();\n${start}sum(items);\n` });
    assert.match(
      await project.countersignOutput('explain', 'src/a.js:5'),
      new RegExp(`^src/a.js:5 {2}ai, of commit ${recorded}`),
    );
  });

  it('answers in one line what cannot be explained', async () => {
    await mkdir(path.join(project.dir, 'docs'));
    await writeFile(path.join(project.dir, 'bytes.bin'), Buffer.from([0, 1, 2]));
    await project.write({ '.gitignore': 'out.js\n', 'out.js': 'x\n' });
    assert.equal(await refused('src/a.js:4'), '1: src/a.js has 3 lines, no line 4');
    assert.equal(await refused('src/none.js:1'), '1: src/none.js is not there');
    assert.match(await refused('bytes.bin:1'), /^1: bytes\.bin is no text/);
    assert.match(await refused('docs:1'), /^1: docs is too large, or no file/);
    assert.equal(await refused('out.js:1'), '1: out.js is ignored by git: nothing is recorded of it');
    assert.match(await refused('../elsewhere.js:1'), /^1: \.\.\/elsewhere\.js is not in the work tree of /);
    for (const position of ['src/a.js', 'src/a.js:0', 'src/a.js:x', ':3', 'src/a.js:']) {
      assert.match(await refused(position), /^2: .* is no FILE:LINE.*usage: countersign explain FILE:LINE/);
    }
    assert.match(await refused(), /^2: /);
  });

  it('lets nothing of a file or a report move the cursor', async () => {
    await assistantWrites(project, { 'src/a.js': `${start}go("\u001b[2J\u0007");\n` }, { tool: 'evil\u001b[31m' });
    const text = await project.countersignOutput('explain', 'src/a.js:4');
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  });
});
