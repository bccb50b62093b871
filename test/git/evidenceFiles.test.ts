import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Validations } from '../../src/core/validation/validation.ts';
import { Project } from '../support/project.ts';

const results = path.join(__dirname, '../fixtures/results');

describe('files of results', () => {
  let project: Project;
  afterEach(() => project.dispose());

  async function fresh(tool: string): Promise<{ freshness: string; places: string[] }> {
    const known: Validations = JSON.parse(await project.countersignOutput('evidence', 'list', '--json'));
    const scan = known.scans.find((each) => each.tool === tool);
    assert.ok(scan, tool);
    const places = scan.fresh.flatMap(({ where }) => where.map(({ path: file, line }) => `${file}:${line}`));
    return { freshness: scan.freshness, places: [...new Set(places)].sort() };
  }

  it('of real tools are placed on the lines of a change, move with them, and are stale after an edit', async () => {
    project = await Project.create({ '.gitignore': 'out/\n' });
    await cp(path.join(results, 'project'), project.dir, { recursive: true });
    await cp(results, path.join(project.dir, 'out'), { recursive: true, filter: (file) => !file.includes('project') });
    const add = (file: string) => project.countersignOutput('evidence', 'add', path.join('out', file));
    for (const file of ['semgrep.sarif', 'bandit.sarif', 'codeql.sarif', 'mend-sast.sarif', 'npm-audit.json'])
      await add(file);
    await project.git('add', '--intent-to-add', '.');
    assert.deepEqual(await fresh('Bandit'), {
      freshness: 'current',
      places: ['src/orders.py:13', 'src/orders.py:17', 'src/orders.py:2', 'src/orders.py:9'],
    });
    const semgrep = await fresh('Semgrep OSS');
    assert.equal(semgrep.freshness, 'current');
    assert.ok(semgrep.places.includes('src/orders.py:17'), semgrep.places.join());
    assert.ok((await fresh('Mend SAST')).places.includes('src/server.js:10'));
    assert.ok((await fresh('npm audit')).places.some((place) => place.startsWith('package.json:')));

    await project.change('src/orders.py', (text) => `# A first line.\n${text}`);
    assert.deepEqual(await fresh('Bandit'), {
      freshness: 'stale',
      places: ['src/orders.py:10', 'src/orders.py:14', 'src/orders.py:18', 'src/orders.py:3'],
    });
    const text = await readFile(path.join(project.dir, 'src/orders.py'), 'utf8');
    await project.write({ 'src/orders.py': text.split('\n').slice(0, 9).join('\n') });
    assert.deepEqual(await fresh('Bandit'), { freshness: 'stale', places: ['src/orders.py:3'] });
  });

  it('of a scanner that ran in a folder are found there', async () => {
    project = await Project.create({ 'README.md': 'Words.\n' });
    await cp(path.join(results, 'project'), project.dir, { recursive: true });
    const file = path.join(results, 'gosec.sarif');
    assert.match(await project.countersignOutput('evidence', 'add', file), /3 outside the repository, not used/);
    const { code } = await project.countersign(['evidence', 'add', file], { cwd: path.join(project.dir, 'go') });
    assert.equal(code, 0);
    await project.git('add', '--intent-to-add', '.');
    assert.ok((await fresh('gosec')).places.every((place) => place.startsWith('go/export.go:')));
  });

  it('of 200 MB are read in bounded memory and time', async () => {
    project = await Project.create({ 'a.js': 'one();\neval(x);\n' });
    const file = path.join(project.root, 'large.sarif');
    const count = writeLarge(file, 200 * 1024 * 1024);
    const began = process.hrtime.bigint();
    // The heap that V8 may use: a reader that keeps the file, or all of its results, dies of it.
    const env = { NODE_OPTIONS: '--max-old-space-size=160' };
    const { code, stdout, stderr } = await project.countersign(['evidence', 'add', file], { env });
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `Semgrep (sast): ${count} findings\n`, stderr: '' });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    assert.ok(seconds < 50, `${seconds} s`);
    await rm(file);
    const kept = await readFile(path.join(project.dir, '.git/countersign/scans', await onlyScan(project)));
    assert.ok(kept.length < 4 * 1024 * 1024);
  });
});

async function onlyScan(project: Project): Promise<string> {
  const names = (await project.run('ls', ['.git/countersign/scans'])).stdout.trim().split('\n');
  assert.equal(names.length, 1);
  return names[0] as string;
}

/** @returns the number of results */
function writeLarge(file: string, size: number): number {
  const region = { startLine: 2, snippet: { text: 'eval(x);\n' } };
  const result = JSON.stringify({
    ruleId: 'javascript.eval',
    message: { text: 'What is given to eval may come from anybody, and is run with all that this program may do.' },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'a.js', uriBaseId: '%SRCROOT%' }, region } }],
    codeFlows: [{ threadFlows: [{ locations: Array(6).fill({ location: { physicalLocation: { region } } }) }] }],
    fingerprints: { 'matchBasedId/v1': 'a'.repeat(128) },
  });
  const block = Array(1_000).fill(result).join(',\n');
  const descriptor = openSync(file, 'w');
  let [written, count] = [0, 0];
  writeSync(descriptor, '{"version":"2.1.0","runs":[{"results":[');
  for (; written < size; written += block.length, count += 1_000) writeSync(descriptor, (count > 0 ? ',' : '') + block);
  writeSync(descriptor, '],"tool":{"driver":{"name":"Semgrep"}}}]}');
  closeSync(descriptor);
  return count;
}
