import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';

describe('countersign risk --features', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\n' });
  });
  afterEach(() => project.dispose());

  const header = 'project,nd,nf,entropy,la,ld,lt,fix,ndev,age,nuc';
  const row = 'x,1,1,0,3,1,120,0,2,30.5,9';

  it('scores many rows in little memory, the riskier higher', async () => {
    const file = path.join(project.dir, 'commits.csv');
    const riskier = row.replace('3,1,120', '3000,1,1200');
    await writeFile(file, `${header}\n${`${row}\n${riskier}\n`.repeat(100_000)}`);
    const env = { NODE_OPTIONS: '--max-old-space-size=48' };
    const { code, stdout, stderr } = await project.countersign(['risk', '--features', 'commits.csv'], { env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 200_001);
    assert.equal(lines[0], 'probability,logit');
    assert.deepEqual([...new Set(lines.slice(1))], lines.slice(1, 3));
    const [low, high] = lines.slice(1, 3).map((line) => Number(line.split(',')[1])) as [number, number];
    assert.ok(low < high, `${low}, ${high}`);
  });

  it('says what is wrong in one line', async () => {
    const file = path.join(project.dir, 'commits.csv');
    await writeFile(file, `${header}\n${row}\n${row.replace('30.5', 'old')}\n`);
    const { code, stderr } = await project.countersign(['risk', '--features', 'commits.csv']);
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: .*commits\.csv: row 2, column age: "old" is not a number from 0 on\n$/);
  });
});
