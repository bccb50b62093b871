import assert from 'node:assert/strict';
import { openPlace } from '../../src/change/place.ts';
import { noteRun, workTree } from '../../src/change/runs.ts';
import type { Risk } from '../../src/core/risk/risk.ts';
import { PendingReader } from '../../src/extension/pending/pendingReader.ts';
import { Project } from '../support/project.ts';

describe('the reader of pending changes', () => {
  let project: Project;
  let reader: PendingReader;

  beforeEach(async () => {
    project = await Project.create({ 'src/a.ts': 'one\ntwo\nthree\n', 'src/b.ts': 'b\n' });
    await project.write({ 'src/a.ts': 'one\ntwo\nthree\nfour\n' });
    reader = new PendingReader();
  });
  afterEach(() => project.dispose());

  const read = async (isFresh = false): Promise<Risk> => (await reader.read(project.dir, isFresh)).risk;

  it('judges what has not changed once', async () => {
    const first = await read();
    assert.equal(await read(), first);
    assert.equal(await read(), first);
    const fresh = await read(true);
    assert.notEqual(fresh, first);
    assert.equal(await read(), fresh);
  });

  const events: Readonly<Record<string, () => Promise<unknown>>> = {
    'a line is added': () => project.write({ 'src/a.ts': 'one\ntwo\nthree\nfour\nfive\n' }),
    'another line is taken out': () => project.write({ 'src/a.ts': 'one\nthree\nfour\n' }),
    'tests have run': async () => {
      const place = await openPlace(project.dir);
      const run = { kind: 'tests', name: 't', source: 'run', identity: 't', outcome: 'passed', exitCode: 0 } as const;
      await noteRun(place, { ...run, tree: await workTree(place) });
    },
    'the policy changes': () => project.write({ '.countersign.json': '{"version":1,"floors":{"untested":90}}' }),
    'HEAD moves': () => project.git('commit', '-q', '--allow-empty', '-m', 'Nothing'),
    'a setting changes': () => project.git('config', 'countersign.commands.destructive', 'deny'),
  };
  for (const [event, happen] of Object.entries(events)) {
    it(`judges anew where ${event}`, async () => {
      const first = await read();
      await happen();
      const next = await read();
      assert.notEqual(next, first);
      assert.equal(await read(), next);
    });
  }

  it('tells lines that were taken out apart', async () => {
    await project.write({ 'src/a.ts': 'two\nthree\n' });
    const first = await read();
    await project.write({ 'src/a.ts': 'one\nthree\n' });
    assert.notEqual(await read(), first);
  });
});
