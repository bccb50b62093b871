import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Project } from '../support/project.ts';
import { pending, report } from '../support/reports.ts';

/** An assistant waits no longer than 2 s by our own clock; this has room for a machine with much else to do. */
const longest = 15_000;

describe("what an assistant's hook is given", function () {
  this.timeout(60_000);
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'a();\n' });
  });
  afterEach(() => project.dispose());

  const payload = (event: string, file: string, text: string, more: object = {}): object => ({
    hook_event_name: event,
    session_id: 's',
    cwd: project.dir,
    tool_name: 'Write',
    tool_use_id: 'call-1',
    tool_input: { file_path: file, content: text },
    ...more,
  });

  async function hook(input: string | Buffer): Promise<string> {
    const started = Date.now();
    const { code, stdout, stderr } = await project.countersign(['hook', 'claude'], { input });
    assert.deepEqual([code, stdout], [0, '']);
    assert.ok(Date.now() - started < longest, `${Date.now() - started} ms`);
    return stderr;
  }

  const encodings: readonly [name: string, encode: (json: string) => string | Buffer][] = [
    ['with a byte order mark', (json) => `\ufeff${json}`],
    ['in UTF-16', (json) => Buffer.from(json, 'utf16le')],
    ['with raw line breaks in its strings', (json) => json.replaceAll('\\n', '\n')],
    ['with names that objects have from birth', (json) => `{"__proto__": {"cwd": "/"}, ${json.slice(1)}`],
    ['with half a pair of surrogates', (json) => `{"reason": "\\ud800", ${json.slice(1)}`],
    ['with deep lists in it', (json) => `{"tool_response": ${'['.repeat(5000)}${']'.repeat(5000)}, ${json.slice(1)}`],
  ];
  for (const [name, encode] of encodings) {
    it(`is taken ${name}`, async () => {
      const text = 'a();\nmine();\n';
      const file = path.join(project.dir, 'a.js');
      assert.equal(await hook(encode(JSON.stringify(payload('PreToolUse', file, text)))), '');
      await project.write({ 'a.js': text });
      assert.equal(await hook(encode(JSON.stringify(payload('PostToolUse', file, text)))), '');
      assert.deepEqual(await pending(project), ['a.js:2 ai']);
    });
  }

  it('of 3 MB is taken by a process of its own', async () => {
    const text = `${'x'.repeat(3 * 1024 * 1024)}\n`;
    const file = path.join(project.dir, 'large.js');
    assert.equal(await hook(JSON.stringify(payload('PreToolUse', file, text))), '');
    await project.write({ 'large.js': text });
    assert.match(await hook(JSON.stringify(payload('PostToolUse', file, text))), /^$|given up/);
  });

  it('of 50 MB is refused in a line', async () => {
    const text = 'x'.repeat(50 * 1024 * 1024);
    const said = await hook(JSON.stringify(payload('PreToolUse', path.join(project.dir, 'a.js'), text)));
    assert.match(said, /^countersign: the input has \d+ bytes, more than the 33554432 that are read: not recorded\n$/);
  });

  it('of lists that would fill the memory is refused in a line', async () => {
    assert.match(
      await hook('['.repeat(20_000_000)),
      /^countersign: Claude Code's payload is not JSON \(it has more than 1000000 values\): not recorded\n$/,
    );
  });

  it('names a file by a URI, by a link to the work tree, or in another repository than it runs in', async () => {
    const link = path.join(project.home, 'link');
    await symlink(project.dir, link);
    const other = path.join(project.home, 'other');
    await mkdir(other);
    await project.gitWith({ cwd: other }, 'init', '--quiet');
    const names: readonly [name: string, file: string][] = [
      [pathToFileURL(path.join(project.dir, 'uri.js')).href, path.join(project.dir, 'uri.js')],
      [path.join(link, 'linked.js'), path.join(project.dir, 'linked.js')],
      [path.join(other, 'other.js'), path.join(other, 'other.js')],
      ['below/./../new/relative.js', path.join(project.dir, 'new/relative.js')],
    ];
    for (const [name, file] of names) {
      await report(project, payload('PreToolUse', name, 'mine();\n'), 'claude');
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'mine();\n');
      await report(project, payload('PostToolUse', name, 'mine();\n'), 'claude');
    }
    assert.deepEqual((await pending(project)).sort(), ['linked.js:1 ai', 'new/relative.js:1 ai', 'uri.js:1 ai']);
    const { stdout } = await project.countersign(['status', '--json'], { cwd: other });
    assert.equal(JSON.parse(stdout).totals.ai, 1);
  });

  it('names files of two repositories in one event', async () => {
    const other = path.join(project.home, 'other');
    await mkdir(other);
    await project.gitWith({ cwd: other }, 'init', '--quiet');
    const files = [path.join(other, 'b.js'), path.join(project.dir, 'b.js')];
    const event = { version: 1, tool: 'my-agent', session: 's', cwd: project.home, files };
    await report(project, { ...event, event: 'before-edit' });
    for (const file of files) await writeFile(file, 'mine();\n');
    await report(project, { ...event, event: 'after-edit' });
    assert.deepEqual(await pending(project), ['b.js:1 ai']);
    const { stdout } = await project.countersign(['status', '--json'], { cwd: other });
    assert.equal(JSON.parse(stdout).totals.ai, 1);
  });

  it('names files that are gone, and one that was moved: its lines keep who wrote them', async () => {
    const lines = 'one();\ntwo();\nthree();\nfour();\n';
    await report(project, payload('PreToolUse', 'old.js', lines), 'claude');
    await project.write({ 'old.js': lines });
    await report(project, payload('PostToolUse', 'old.js', lines), 'claude');
    const files = ['old.js', 'moved.js', 'never/there.js'].map((name) => path.join(project.dir, name));
    const event = { version: 1, tool: 'my-agent', session: 't', cwd: project.dir, files };
    await report(project, { ...event, event: 'before-edit' });
    await project.write({ 'old.js': null, 'moved.js': `${lines}five();\n` });
    await report(project, { ...event, event: 'after-edit' });
    const [file] = JSON.parse(await project.countersignOutput('status', '--json')).files;
    assert.deepEqual(
      file.spans.map((span: { start: number; end: number; tool: string }) => [span.start, span.end, span.tool]),
      [
        [1, 4, 'claude'],
        [5, 5, 'my-agent'],
      ],
    );
  });
});
