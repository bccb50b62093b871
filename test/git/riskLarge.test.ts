import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChangedFiles, contentLimits } from '../../src/change/changedFiles.ts';
import { readPending } from '../../src/change/pending.ts';
import { openPlace } from '../../src/change/place.ts';
import type { Risk } from '../../src/core/risk/risk.ts';
import { Project } from '../support/project.ts';

describe('the risk of a change of 20,000 files', () => {
  const count = 20_000;
  let project: Project;

  before(async function () {
    this.timeout(300_000);
    project = await Project.create({ 'README.md': 'x\n' });
    await Promise.all(Array.from({ length: 100 }, (_, i) => mkdir(path.join(project.dir, `d${i}`))));
    for (let i = 0; i < count; i += 500) {
      const batch = Array.from({ length: 500 }, (_, j) => i + j);
      await Promise.all(
        batch.map((n) => writeFile(path.join(project.dir, `d${n % 100}`, `f${n}.js`), `const a = ${n};\nrun(a);\n`)),
      );
    }
    await project.git('add', '--all');
  });
  after(() => project.dispose());

  it('is told within a minute and the memory of a small machine, with what it did without', async function () {
    this.timeout(300_000);
    const start = Date.now();
    const { code, stdout, stderr } = await project.countersign(['risk', '--staged', '--json'], {
      env: { NODE_OPTIONS: '--max-old-space-size=512' },
    });
    assert.deepEqual([code, stderr], [0, '']);
    // It took 12 s on two cores that had much else to do.
    assert.ok(Date.now() - start < 60_000, `${Date.now() - start} ms`);
    const { factors, without } = JSON.parse(stdout) as Risk;
    const large = factors.find(({ id }) => id === 'large');
    assert.deepEqual(
      [large?.effect, large?.detail],
      ['floor 60', `${2 * count} lines added or deleted in ${count} files`],
    );
    assert.match(without.find(({ what }) => what === 'content')?.why ?? '', /^18000 files are too many or too large/);
  });

  it('holds the texts of no more files than are looked into', async function () {
    this.timeout(300_000);
    const texts = new ChangedFiles();
    const files = await readPending(await openPlace(project.dir), { staged: true, texts });
    assert.deepEqual([files.length, texts.files.length, texts.skipped], [count, contentLimits.files, 18_000]);
  });
});
