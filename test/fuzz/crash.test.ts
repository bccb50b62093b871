import assert from 'node:assert/strict';
import { Project } from '../support/project.ts';
import { classes } from '../support/reports.ts';
import { crash } from './crash.ts';
import { Random } from './random.ts';

const kills = 1_000;
const processes = 30;

describe('processes that write the pending state at once', () => {
  it(`lose no more than the entry at hand when they are killed, ${kills} times`, async () => {
    const result = await crash(new Random(1), kills);
    process.stdout.write(
      `${result.kills} writers killed: ${result.acknowledged} operations acknowledged, ${result.unfinished} lines unfinished\n`,
    );
    assert.deepEqual(result.findings.slice(0, 20), []);
    assert.ok(result.acknowledged > kills / 10, 'the writers had time to write');
    assert.ok(result.unfinished > 0, 'some were killed at work');
  }).timeout(300_000);

  it(`lose nothing when ${processes} report at once, on one file and on others`, async () => {
    const project = await Project.create({ 'shared.js': 'base();\n' });
    try {
      const numbers = Array.from({ length: processes }, (_, i) => i);
      const report = async (number: number, event: string, files: readonly string[]): Promise<void> => {
        const payload = { version: 1, event, cwd: project.dir, tool: `agent-${number}`, session: 's', files };
        const { code, stderr } = await project.countersign(['hook', 'generic'], { input: JSON.stringify(payload) });
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      };
      const atOnce = (event: string): Promise<unknown> =>
        Promise.all(numbers.map((number) => report(number, event, ['shared.js', `own${number}.js`])));
      await atOnce('before-edit');
      // Each writes its own file; of the shared one only the first to report can be told to have written it.
      for (const number of numbers) await project.write({ [`own${number}.js`]: `own${number}();\n` });
      await project.write({ 'shared.js': `base();\n${numbers.map((number) => `shared${number}();\n`).join('')}` });
      await atOnce('after-edit');
      const json = await project.countersignOutput('status', '--json');
      const shown = classes(json);
      assert.equal(shown.length, 2 * processes);
      assert.deepEqual(
        shown.filter((line) => !line.endsWith(' ai')),
        [],
      );
      const { files } = JSON.parse(json) as { files: { path: string; spans: { tool: string }[] }[] };
      const own = files.filter(({ path }) => path.startsWith('own'));
      assert.deepEqual(
        own.map(({ path, spans }) => [path, spans.map(({ tool }) => tool)]),
        own.map(({ path }) => [path, [`agent-${/\d+/.exec(path)?.[0]}`]]),
      );
    } finally {
      await project.dispose();
    }
  }).timeout(120_000);
});
