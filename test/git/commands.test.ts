import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';
import { assistantWrites, pending, report } from '../support/reports.ts';

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${name}(${i});\n`).join('');

describe("an assistant's command", () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': lines('base', 4), 'b.js': lines('other', 4) });
  });
  afterEach(() => project.dispose());

  /** What happens between the two reports of a command without `files`. */
  async function command(work: () => Promise<unknown>): Promise<void> {
    const event = { version: 1, tool: 'my-agent', session: 's', cwd: project.dir };
    await report(project, { ...event, event: 'before-command' });
    await work();
    await report(project, { ...event, event: 'after-command' });
  }

  it('gets what it changed and made, and not what was there before', async () => {
    await project.write({ 'a.js': `${lines('base', 4)}before();\n`, 'new.js': 'before();\n' });
    await command(() => project.write({ 'a.js': `${lines('base', 4)}before();\nduring();\n`, 'made.js': 'made();\n' }));
    assert.deepEqual(await pending(project), ['a.js:5 unknown', 'a.js:6 ai', 'made.js:1 ai', 'new.js:1 unknown']);
  });

  it('does not get the text of a file that it only moved', async () => {
    await command(() => rename(path.join(project.dir, 'a.js'), path.join(project.dir, 'moved.js')));
    assert.ok((await pending(project)).every((line) => line.endsWith(' unknown')));
    await project.git('add', '--all');
    assert.deepEqual(await pending(project, '--staged'), []);
  });

  it('gets what it changed in a file that it moved, and the rest keeps its origin', async () => {
    await assistantWrites(project, { 'mine.js': lines('mine', 6) }, { tool: 'first-agent' });
    await command(async () => {
      await project.write({ 'mine.js': null, 'moved.js': `${lines('mine', 6)}added();\n` });
    });
    const status = JSON.parse(await project.countersignOutput('status', '--json'));
    const [file] = status.files;
    assert.deepEqual(
      file.spans.map((span: { start: number; end: number; tool: string }) => [span.start, span.end, span.tool]),
      [
        [1, 6, 'first-agent'],
        [7, 7, 'my-agent'],
      ],
    );
  });

  it('does not get what a stash brings back', async () => {
    await project.write({ 'a.js': `${lines('base', 4)}someone();\n` });
    await command(() => project.git('stash', '-q'));
    await command(() => project.git('stash', 'pop', '-q'));
    assert.deepEqual(await pending(project), ['a.js:5 unknown']);
  });

  it('leaves the origins of text that a stash and a branch switch take away and bring back', async () => {
    await assistantWrites(project, { 'a.js': `${lines('base', 4)}mine();\n` });
    await project.git('stash', '-q');
    assert.deepEqual(await pending(project), []);
    await project.git('checkout', '-q', '-b', 'side');
    await project.git('stash', 'pop', '-q');
    assert.deepEqual(await pending(project), ['a.js:5 ai']);
  });

  it('does not get a file that could not be read before', async () => {
    await writeFile(path.join(project.dir, 'data.js'), Buffer.from([0x61, 0, 0x0a]));
    await command(() => project.write({ 'data.js': lines('text', 2) }));
    assert.deepEqual(await pending(project), ['data.js:1 unknown', 'data.js:2 unknown']);
  });

  it('does not get a file that nobody looked at, among more than are looked at', async () => {
    const names = Array.from({ length: 310 }, (_, i) => `many/${String(i).padStart(5, '0')}.js`);
    await project.write(Object.fromEntries(names.map((name) => [name, 'was();\n'])));
    await command(() => project.write(Object.fromEntries(names.slice(0, 200).map((name) => [name, null]))));
    assert.deepEqual(
      (await pending(project)).filter((line) => line.endsWith(' ai')),
      [],
    );
  }).timeout(60_000);
});

describe('a block that moves from file to file', () => {
  const block = 'function area(width, height) {\n  return width * height;\n}\n';
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'b.js': lines('base', 4) });
    await assistantWrites(project, { 'a.js': `one();\n${block}two();\n` });
  });
  afterEach(() => project.dispose());

  const moved = ['a.js:1 ai', 'a.js:2 ai', 'b.js:5 ai', 'b.js:6 ai', 'b.js:7 ai'];

  it('keeps its origin, although nobody reports it', async () => {
    await project.write({ 'a.js': 'one();\ntwo();\n', 'b.js': `${lines('base', 4)}${block}` });
    assert.deepEqual((await pending(project)).sort(), moved);
  });

  it('keeps it in a commit, staged', async () => {
    await project.write({ 'a.js': 'one();\ntwo();\n', 'b.js': `${lines('base', 4)}${block}` });
    await project.git('add', '--all');
    assert.deepEqual(await pending(project, '--staged'), moved);
  });

  it('keeps it in a file that is renamed and changed', async () => {
    await project.write({ 'a.js': null, 'c.js': `one();\n${block}two();\nthree();\n` });
    const expected = [1, 2, 3, 4, 5].map((line) => `c.js:${line} ai`);
    assert.deepEqual(await pending(project), [...expected, 'c.js:6 unknown']);
  });
});
