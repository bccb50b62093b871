import assert from 'node:assert/strict';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Validations } from '../../src/core/validation/validation.ts';
import { Project } from '../support/project.ts';
import { assistantWrites, trailers } from '../support/reports.ts';

const results = path.join(__dirname, '../fixtures/results');

describe('countersign evidence', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\ntwo();\n', 'README.md': 'Words.\n' });
  });
  afterEach(() => project.dispose());

  const at = (uri: string, startLine: number) => ({
    physicalLocation: { artifactLocation: { uri }, region: { startLine } },
  });
  const result = (ruleId: string, uri: string, line: number) => ({
    ruleId,
    message: { text: 'Bad.' },
    locations: [at(uri, line)],
  });

  /** Writes a SARIF log of these places beside the project, younger than all its files. */
  async function sarif(places: readonly (readonly [uri: string, line: number])[], more: object = {}): Promise<string> {
    const run = {
      tool: { driver: { name: 'Semgrep' } },
      results: places.map(([uri, line]) => result('eval', uri, line)),
      ...more,
    };
    return await resultFile('r.sarif', JSON.stringify({ version: '2.1.0', runs: [run] }));
  }

  async function resultFile(name: string, content: string): Promise<string> {
    const file = path.join(project.root, name);
    await writeFile(file, content);
    const later = Date.now() / 1000 + 2;
    await utimes(file, later, later);
    return file;
  }

  const add = (...args: string[]) => project.countersignOutput('evidence', 'add', ...args);
  async function known(...args: string[]): Promise<Validations> {
    return JSON.parse(await project.countersignOutput('evidence', 'list', '--json', ...args));
  }
  /** `current 2: a.js:2`, a line for each scan. */
  async function scans(...args: string[]): Promise<string[]> {
    const found = await known(...args);
    return found.scans.map(({ freshness, findings, fresh }) => {
      const places = fresh.flatMap(({ where }) => where.map((place) => `${place.path}:${place.line}`));
      return `${freshness} ${findings}: ${places.join(' ')}`.trim();
    });
  }

  it('counts what is new on changed lines, and says so in status, trailer, record and show', async () => {
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'a.js': 'one();\neval(x);\ntwo();\n' });
    const said = await add(
      await sarif([
        ['a.js', 2],
        ['a.js', 3],
        ['../secret.js', 1],
      ]),
    );
    assert.equal(said, 'Semgrep (sast): 2 findings; 1 outside the repository, not used\n');
    assert.deepEqual(await scans(), ['current 2: a.js:2']);
    assert.match(
      await project.countersignOutput('status'),
      /Semgrep \(sast\): 2 findings, 1 new in this change, .*\n {2}high|medium {2}eval {2}Bad\. {2}a\.js:2\n/,
    );
    await project.countersignOutput('run', '--', process.execPath, '-e', '0');
    await project.git('commit', '-qam', 'Add');
    const block = await trailers(project);
    assert.deepEqual(block.get('Validation'), ['sast 1 new']);
    const shown = JSON.parse(await project.countersignOutput('show', 'HEAD', '--json'));
    assert.deepEqual(shown.validation, {
      runs: [{ kind: 'other', name: 'node', outcome: 'passed', freshness: 'current' }],
      scans: [{ kind: 'sast', tool: 'Semgrep', findings: 2, fresh: 1, freshness: 'current' }],
    });
    assert.match(await project.countersignOutput('show', 'HEAD'), /\nvalidation: sast 1 new\n$/);
    await project.countersignOutput('verify', 'HEAD~1..HEAD');
  });

  it('an edit makes it stale, and a finding moves with its line or goes with it', async () => {
    await project.write({ 'a.js': 'one();\neval(x);\ntwo();\n' });
    await add(await sarif([['a.js', 2]]));
    await project.write({ 'a.js': 'zero();\none();\neval(x);\ntwo();\n' });
    assert.deepEqual(await scans(), ['stale 1: a.js:3']);
    assert.deepEqual((await known()).scans[0]?.changed, { files: 1, first: ['a.js'] });
    await project.write({ 'a.js': 'one();\nsafe(x);\ntwo();\n' });
    assert.deepEqual(await scans(), ['stale 1:']);
    await project.write({ 'a.js': 'one();\neval(x);\ntwo();\n', 'README.md': 'More words.\n' });
    assert.deepEqual(await scans(), ['current 1: a.js:2']);
  });

  it('of a file that has changed since the scan is stale from the beginning', async () => {
    const file = await sarif([['a.js', 2]]);
    const before = Date.now() / 1000 - 3600;
    await utimes(file, before, before);
    await project.write({ 'a.js': 'one();\neval(x);\ntwo();\n' });
    assert.equal(await add(file), 'Semgrep (sast): 1 finding; 1 file has changed since the scan\n');
    assert.deepEqual(await scans(), ['stale 1: a.js:2']);
  });

  it('what the baseline has is not new', async () => {
    await add('--baseline', await sarif([['a.js', 2]]));
    await project.write({ 'a.js': 'one();\n  two();\neval(x);\n' });
    await add(
      await sarif([
        ['a.js', 2],
        ['a.js', 3],
      ]),
    );
    assert.deepEqual(await scans(), ['current 2: a.js:3']);
  });

  it('is bound to a commit by a person, or by what it says itself', async () => {
    const first = (await project.git('rev-parse', 'HEAD')).trim();
    await project.write({ 'a.js': 'one();\ntwo();\nthree();\n' });
    await project.git('commit', '-qam', 'Two');
    const provenance = { versionControlProvenance: [{ repositoryUri: 'https://example.com/r', revisionId: first }] };
    await add(await sarif([['a.js', 1]], provenance));
    assert.deepEqual(await scans(), ['stale 1:']);
    await add('--commit', 'HEAD', await sarif([['a.js', 1]]));
    assert.deepEqual(await scans(), ['current 1:']);
    const { code, stderr } = await project.countersign(['evidence', 'add', '--commit', 'nowhere', await sarif([])]);
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: nowhere is not a commit of .*\n$/);
  });

  it('of the running application is of nothing unless a person says so', async () => {
    const zap = path.join(results, 'zap-traditional.json');
    await add(zap);
    assert.deepEqual(await scans(), ['unknown 4:']);
    await add('--commit', 'HEAD', zap);
    assert.deepEqual(await scans(), ['current 4:']);
    await project.write({ 'a.js': 'three();\n' });
    assert.deepEqual(await scans(), ['stale 4:']);
    await add('--baseline', zap);
    await add('--commit', 'HEAD', zap);
    assert.deepEqual((await known()).scans[0]?.fresh, []);
  });

  it('of a package is new where the change adds it', async () => {
    const audit = path.join(results, 'npm-audit.json');
    await project.write({ 'package.json': '{"dependencies":{\n"express": "4"\n}}\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Packages');
    await project.write({ 'package.json': '{"dependencies":{\n"express": "4",\n"lodash": "4.17.15"\n}}\n' });
    await add(audit);
    const [scan] = (await known()).scans;
    assert.equal(scan?.findings, 4);
    assert.deepEqual([...new Set(scan?.fresh.flatMap(({ where }) => where.map(({ line }) => line)))], [3]);
    assert.ok(scan?.fresh.every(({ message }) => message.startsWith('lodash: ')));
  });

  it('JUnit reports are a run of the tests', async () => {
    const suite = (tests: string): string => `<testsuites><testsuite name="s">${tests}</testsuite></testsuites>`;
    const one = await resultFile('1.xml', suite('<testcase name="a"/><testcase name="b"><skipped/></testcase>'));
    const two = await resultFile('2.xml', suite('<testcase name="c"><failure message="no"/></testcase>'));
    assert.equal(await add(one, two), 'tests: 2 run, 1 failed, 1 skipped\n');
    const [run] = (await known()).runs;
    assert.deepEqual([run?.kind, run?.outcome, run?.freshness], ['tests', 'failed', 'current']);
    await add(one);
    assert.deepEqual(
      (await known()).runs.map(({ outcome, tests }) => ({ outcome, tests })),
      [{ outcome: 'passed', tests: { run: 1, failed: 0, skipped: 1 } }],
    );
  });

  it('a file of results in the work tree makes nothing stale', async () => {
    await project.write({
      'out/r.sarif': JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'T' } }, results: [] }] }),
    });
    await add('out/r.sarif');
    await project.write({ 'out/r.sarif': null });
    assert.deepEqual(await scans(), ['current 0:']);
  });

  it('partly staged, the index alone is asked', async () => {
    await project.write({ 'a.js': 'one();\neval(x);\ntwo();\n', 'b.js': 'b();\n' });
    await project.git('add', 'a.js');
    await add(await sarif([['a.js', 2]]));
    assert.deepEqual(await scans(), ['current 1: a.js:2']);
    assert.deepEqual(await scans('--staged'), ['stale 1: a.js:2']);
  });

  it('keeps no code, no address and no path of the machine, for the owner alone', async () => {
    await project.write({ 'a.js': 'one();\neval(secretWord);\n' });
    await add(await sarif([[path.join(project.dir, 'a.js'), 2]]));
    const folder = path.join(project.dir, '.git/countersign/scans');
    for (const name of await readdir(folder)) {
      const text = await readFile(path.join(folder, name), 'utf8');
      assert.ok(!text.includes('secretWord') && !text.includes(project.home), text);
      assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600);
    }
  });

  it('forgets what a person takes back', async () => {
    await add(await sarif([['a.js', 1]]));
    assert.equal(await project.countersignOutput('evidence', 'remove', 'semgrep'), 'Semgrep (sast): forgotten\n');
    assert.deepEqual(await scans(), []);
    assert.match(await project.countersignOutput('evidence', 'list'), /^no evidence: /);
    assert.equal((await project.countersign(['evidence', 'remove', 'semgrep'])).code, 1);
  });

  it('keeps nothing where one of the files is bad, and says which in one line', async () => {
    const good = await sarif([['a.js', 1]]);
    const bad = await resultFile('bad.sarif', (await readFile(good, 'utf8')).slice(0, -9));
    const { code, stderr } = await project.countersign(['evidence', 'add', good, bad]);
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: .*bad\.sarif ends in the middle, after \d+ bytes: is it complete\?\n$/);
    assert.deepEqual(await scans(), []);
    for (const [args, message] of [
      [['add', 'nowhere.sarif'], /^countersign: nowhere\.sarif is not there\n$/],
      [['add', '.'], /^countersign: \. is no file\n$/],
      [['add', path.join(project.dir, 'a.js')], /is of no format that is known/],
    ] as const) {
      const { code: failed, stderr: said } = await project.countersign(['evidence', ...args]);
      assert.equal(failed, 1);
      assert.match(said, message);
    }
    for (const args of [[], ['add'], ['add', '--kind', 'x', good], ['remove']]) {
      assert.equal((await project.countersign(['evidence', ...args])).code, 2, args.join(' '));
    }
  });

  it('two at once lose nothing', async () => {
    const named = async (name: string) => {
      const runs = [{ tool: { driver: { name } }, results: [result('r', 'a.js', 1)] }];
      return await resultFile(`${name}.sarif`, JSON.stringify({ version: '2.1.0', runs }));
    };
    const names = ['A', 'B', 'C', 'D'];
    await Promise.all(names.map(async (name) => await add(await named(name))));
    assert.deepEqual((await known()).scans.map(({ tool }) => tool).sort(), names);
  });

  it('a damaged store is passed over', async () => {
    await add(await sarif([['a.js', 1]]));
    const folder = path.join(project.dir, '.git/countersign/scans');
    const [name = ''] = await readdir(folder);
    const text = await readFile(path.join(folder, name), 'utf8');
    for (const damaged of ['', text.slice(0, 20), '[]', '{"kind":"x"}', '\0\0']) {
      await writeFile(path.join(folder, name), damaged);
      assert.deepEqual(await scans(), []);
    }
  });
});
