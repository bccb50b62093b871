import assert from 'node:assert/strict';
import { readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openPlace, type Place } from '../../src/change/place.ts';
import { report as tellOf } from '../../src/change/report.ts';
import { loadCommands } from '../support/loadCommands.ts';
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

  it('gets every file it makes up to 1,000, and says so where there are more', async () => {
    const place = await openPlace(project.dir);
    const find = (): Promise<Place> => Promise.resolve(place);
    const tell = (event: 'before-command' | 'after-command'): Promise<string[]> => {
      const actor = { tool: 'my-agent', session: 's', kind: 'agent_action' } as const;
      // In this process: a hook would give up on a machine that is slow.
      return tellOf({ event, actor, cwd: project.dir }, { ofFile: find, ofFolder: find }, loadCommands);
    };
    assert.deepEqual(await tell('before-command'), []);
    const names = Array.from({ length: 1010 }, (_, i) => `many/${String(i).padStart(5, '0')}.js`);
    await project.write(Object.fromEntries(names.map((name, i) => [name, `was(${i});\n`])));
    assert.deepEqual(await tell('after-command'), [
      'the command changed 1010 files: of all but the first 1000 it is not recorded by whom',
    ]);
    const shown = await pending(project);
    assert.equal(shown.filter((line) => line.endsWith(' ai')).length, 1000);
    assert.equal(shown.filter((line) => line.endsWith(' unknown')).length, 10);
  }).timeout(60_000);

  it('does not get what it checks out from a branch, or pops from a stash that was there', async () => {
    await project.git('checkout', '-q', '-b', 'side');
    await project.write({ 'a.js': lines('theirs', 4) });
    await project.git('commit', '-qam', 'Theirs');
    await project.git('checkout', '-q', 'main');
    await project.write({ 'b.js': `${lines('other', 4)}someone();\n`, 'new.js': lines('new', 3) });
    await project.git('stash', '-q', '--include-untracked');
    await command(async () => {
      await project.git('checkout', 'side', '--', 'a.js');
      await project.git('stash', 'apply', '-q');
      await project.write({ 'made.js': 'made();\n' });
    });
    const shown = await pending(project);
    assert.deepEqual(
      shown.filter((line) => !line.endsWith(' unknown')),
      ['made.js:1 ai'],
    );
    assert.equal(shown.length, 4 + 1 + 3 + 1);
  });

  it('does not get the text of a file that it copied, only what it wrote into it', async () => {
    await command(async () => {
      await project.write({ 'copy.js': lines('base', 4), 'changed.js': `${lines('other', 4)}more();\n` });
    });
    const shown = await pending(project);
    assert.deepEqual(
      shown.filter((line) => line.startsWith('copy.js')),
      [1, 2, 3, 4].map((line) => `copy.js:${line} unknown`),
    );
    assert.ok(shown.includes('changed.js:5 ai'));
  });

  it('moves a short file with its origin', async () => {
    await assistantWrites(project, { 'short.js': 'mine();\n' });
    await command(() => rename(path.join(project.dir, 'short.js'), path.join(project.dir, 'moved.js')));
    assert.deepEqual(await pending(project), ['moved.js:1 ai']);
  });

  it('is less sure where another session runs a command, too, and leaves a file that one is editing', async () => {
    const [first, second] = ['first', 'second'].map((tool) => ({ version: 1, tool, session: tool, cwd: project.dir }));
    await report(project, { ...first, event: 'before-command' });
    await report(project, { ...second, event: 'before-command' });
    await report(project, { ...second, event: 'before-edit', files: ['edited.js'] });
    await project.write({ 'made.js': 'made();\n', 'edited.js': 'edited();\n' });
    await report(project, { ...first, event: 'after-command' });
    await report(project, { ...second, event: 'after-edit', files: ['edited.js'] });
    const { files } = JSON.parse(await project.countersignOutput('status', '--json'));
    const known = files.map((file: { path: string; spans: { tool: string; evidence: string }[] }) => [
      file.path,
      file.spans[0]?.tool,
      file.spans[0]?.evidence,
    ]);
    assert.deepEqual(known, [
      ['edited.js', 'second', 'reported'],
      ['made.js', 'first', 'inferred'],
    ]);
  });

  it('knows what went from a file that another session is editing', async () => {
    await assistantWrites(project, { 'mine.js': lines('mine', 6) }, { tool: 'first-agent' });
    const editing = {
      version: 1,
      event: 'before-edit',
      tool: 'other',
      session: 'o',
      cwd: project.dir,
      files: ['mine.js'],
    };
    await report(project, editing);
    await command(() => project.write({ 'mine.js': null, 'moved.js': `${lines('mine', 6)}added();\n` }));
    const [file] = JSON.parse(await project.countersignOutput('status', '--json')).files;
    assert.deepEqual(
      file.spans.map((span: { start: number; end: number; tool: string }) => [span.start, span.end, span.tool]),
      [
        [1, 6, 'first-agent'],
        [7, 7, 'my-agent'],
      ],
    );
  });

  it('knows what went from a file that another session made meanwhile', async () => {
    await command(async () => {
      await assistantWrites(project, { 'made.js': lines('theirs', 6) }, { tool: 'other', session: 'o' });
      await project.write({ 'made.js': null, 'moved.js': `${lines('theirs', 6)}added();\n` });
    });
    const [file] = JSON.parse(await project.countersignOutput('status', '--json')).files;
    assert.deepEqual(
      file.spans.map((span: { start: number; end: number; tool: string }) => [span.start, span.end, span.tool]),
      [
        [1, 6, 'other'],
        [7, 7, 'my-agent'],
      ],
    );
  });

  it('does not get what comes back to a path, though another has gone on from there', async () => {
    await report(project, {
      version: 1,
      event: 'before-edit',
      tool: 'x',
      session: 'x',
      cwd: project.dir,
      files: ['a.js'],
    });
    await project.write({ 'a.js': null });
    await project.git('rm', '-q', '--cached', 'a.js');
    await project.git('commit', '-qm', 'Gone');
    await command(async () => {
      await project.write({ 'a.js': lines('base', 4) });
      await assistantWrites(project, { 'a.js': `${lines('base', 4)}more();\n` }, { tool: 'other', session: 'o' });
    });
    const [file] = JSON.parse(await project.countersignOutput('status', '--json')).files;
    assert.deepEqual(
      file.spans.map((span: { class: string; start: number; end: number }) => [span.start, span.end, span.class]),
      [
        [1, 4, 'unknown'],
        [5, 5, 'ai'],
      ],
    );
  });

  it('does not get a cut that was made before it', async () => {
    const look = {
      version: 1,
      event: 'before-edit',
      tool: 'my-agent',
      session: 's',
      cwd: project.dir,
      files: ['a.js'],
    };
    await report(project, look);
    await project.change('a.js', (text) => text.replace('base(1);', 'base(1, two, three);'));
    await report(project, look);
    await project.change('a.js', (text) => text.replace(', two', ''));
    await command(() => project.change('a.js', (text) => `${text}more();\n`));
    assert.deepEqual(await pending(project), ['a.js:2 unknown', 'a.js:5 ai']);
  });

  it('notices a change of the same size within the tick of the clock that the index was written in', async () => {
    await project.git('config', 'core.trustctime', 'false');
    const [index, file] = ['.git/index', 'a.js'].map((name) => path.join(project.dir, name)) as [string, string];
    const seconds = Date.now() / 1000;
    await utimes(file, seconds - 5, seconds - 5);
    await project.git('add', '--refresh', 'a.js');
    // The file's time is not before the index's: git has to look into it.
    await utimes(index, seconds - 10, seconds - 10);
    await project.change('a.js', (text) => text.replace('base(1)', 'BASE(1)'));
    await utimes(file, seconds - 5, seconds - 5);
    await command(() => project.change('a.js', (text) => `${text}more();\n`));
    assert.deepEqual(await pending(project), ['a.js:2 unknown', 'a.js:5 ai']);
  });

  it('leaves the index, the objects and the configuration of the repository alone', async () => {
    await project.git('config', 'filter.loud.clean', 'touch ran; cat');
    await project.git('config', 'core.untrackedCache', 'false');
    await project.write({ '.gitattributes': '*.bin filter=loud\n', 'data.bin': 'data\n' });
    const state = async (): Promise<string[]> => [
      await readFile(path.join(project.dir, '.git/index'), 'latin1'),
      await readFile(path.join(project.dir, '.git/config'), 'utf8'),
      await project.git('count-objects', '-v'),
    ];
    const before = await state();
    await command(() => project.write({ 'data.bin': 'more\n', 'made.js': 'made();\n' }));
    assert.deepEqual(await state(), before);
    assert.ok((await pending(project)).includes('made.js:1 ai'));
    assert.ok(!(await pending(project)).some((line) => line.startsWith('ran:')));
  });
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
