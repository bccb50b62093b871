import assert from 'node:assert/strict';
import { modelName } from '../../src/core/risk/modelName.ts';
import type { Risk } from '../../src/core/risk/risk.ts';
import { readCalibration } from '../../src/git/history/calibrationFile.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Random } from '../fuzz/random.ts';
import { Project } from '../support/project.ts';

interface Answer {
  readonly calibrated: boolean;
  readonly why: string | null;
  readonly commits: number;
  readonly risky: number;
  readonly fixes: number;
}

/**
 * A history in which every third commit is large; of those, or of as many at random, most are mended the day after, by a fix
 * of one line.
 */
async function history(project: Project, mends: (isLarge: boolean, random: Random) => boolean): Promise<number> {
  const random = new Random(5);
  const stream: string[] = [];
  let [time, mended] = [1_500_000_000, 0];
  const commit = (message: string, name: string, lines: readonly string[]): void => {
    time += 86_400;
    const text = lines.map((line) => `${line}\n`).join('');
    const who = `Dev <dev@example.com> ${time} +0000`;
    stream.push(`commit refs/heads/main\ncommitter ${who}\ndata ${message.length}\n${message}\n`);
    if (stream.length === 1) stream.push('from refs/heads/main^0\n');
    stream.push(`M 100644 inline ${name}\ndata ${text.length}\n${text}\n`);
  };
  for (let i = 0; i < 300; i++) {
    const isLarge = i % 3 === 0;
    const lines = Array.from({ length: isLarge ? 80 : 2 }, (_, k) => `call${i}(${k});`);
    commit('Add a file', `src/file${i}.ts`, lines);
    if (!mends(isLarge, random)) continue;
    mended++;
    commit('fix: the first line', `src/file${i}.ts`, lines.with(0, 'right();'));
  }
  for (let i = 0; i < 5; i++) commit('Add words', `words${i}.md`, ['words']);
  await project.gitWith({ input: stream.join('') }, 'fast-import', '--quiet', '--force');
  return mended;
}

describe('countersign calibrate', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'README.md': 'Start\n' });
  });
  afterEach(() => project.dispose());

  const run = async (): Promise<Answer> => JSON.parse(await project.countersignOutput('calibrate', '--json')) as Answer;
  const stored = async (): Promise<unknown> => readCalibration(await openRepository(project.dir), modelName);

  /** What the risk says of one more file of so many lines. */
  const probabilityOf = async (lines: number): Promise<number | null> => {
    await project.write({ 'src/more.ts': Array.from({ length: lines }, (_, k) => `call(${k});\n`).join('') });
    return (JSON.parse(await project.countersignOutput('risk', '--json')) as Risk).probability;
  };

  it('keeps a calibration where the score predicts what was mended', async () => {
    const mended = await history(project, (isLarge, random) => isLarge && random.below(5) > 0);
    const answer = await run();
    assert.deepEqual([answer.calibrated, answer.why, answer.risky, answer.fixes], [true, null, mended, mended]);
    assert.ok(await stored());
    await project.git('reset', '--quiet', '--hard');
    const [small, large] = [await probabilityOf(2), await probabilityOf(80)];
    assert.ok(small !== null && large !== null && large > 0.5 && small < 0.3, `${small}, ${large}`);
    assert.match(await project.countersignOutput('risk'), /; about \d+ % of such changes are mended later here\n/);
    assert.match(await project.countersignOutput('calibrate'), /^\d+ fixes traced back, .*\n.*\nthe score +\d/m);
  });

  it('keeps none where it does not, and takes an earlier one away', async () => {
    await history(project, (isLarge, random) => isLarge && random.below(5) > 0);
    assert.equal((await run()).calibrated, true);
    await project.git('checkout', '--quiet', '--orphan', 'short');
    await project.git('commit', '--quiet', '--message=Short');
    const answer = await run();
    assert.equal(answer.calibrated, false);
    assert.match(answer.why ?? '', /at least 200 are needed/);
    assert.equal(await stored(), undefined);
    assert.equal(await probabilityOf(80), null);
  });

  it('keeps none where what is mended has nothing to do with the score', async () => {
    await history(project, (isLarge) => !isLarge);
    const answer = await run();
    assert.equal(answer.calibrated, false);
    assert.match(answer.why ?? '', /better than chance/);
  });
});
