import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Risk } from '../../src/core/risk/risk.ts';
import { type Files, Project } from '../support/project.ts';
import { assistantWrites, personWrites } from '../support/reports.ts';

describe('countersign risk', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({
      'src/a.js': 'first();\n',
      'package.json': '{\n  "name": "x",\n  "version": "1.0.0",\n  "dependencies": {}\n}\n',
      'infra/main.tf': 'resource "aws_db_instance" "orders" {\n  engine = "postgres"\n}\n',
    });
  });
  afterEach(() => project.dispose());

  async function risk(...args: readonly string[]): Promise<Risk> {
    return JSON.parse(await project.countersignOutput('risk', '--json', ...args)) as Risk;
  }

  /** The floors of a change, as `unseen-ai 50`. */
  async function floors(...args: readonly string[]): Promise<string[]> {
    const { factors } = await risk(...args);
    return factors.flatMap(({ id, effect }) => (effect.startsWith('floor ') ? [`${id} ${effect.slice(6)}`] : []));
  }

  it('of nothing pending is 0', async () => {
    const { score, level, factors, toLower } = await risk();
    assert.deepEqual({ score, level, factors, toLower }, { score: 0, level: 'low', factors: [], toLower: [] });
  });

  it('falls with what is looked at, reviewed and tested, and with nothing else', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    assert.deepEqual(await floors(), ['unseen-ai 50', 'untested 30']);
    const [step] = (await risk()).toLower;
    assert.deepEqual([step?.rules, step?.by, step?.score], [['unseen-ai'], 'person', Math.max(30, await modelScore())]);
    await project.countersignOutput('review', '--all');
    assert.deepEqual(await floors(), ['untested 30']);
    await project.write({ 'run-tests.sh': 'exit 0\n' });
    await project.countersignOutput('run', '--', 'sh', 'run-tests.sh');
    assert.ok(!(await floors()).some((floor) => floor.startsWith('unseen-ai')));
  });

  async function modelScore(): Promise<number> {
    const { percentile } = await risk();
    return Math.round(percentile ?? 0);
  }

  const contentRules: readonly [rule: string, files: Files, file: string, line: number][] = [
    ['secret-added 95', { 'src/a.js': `first();\nconst key = "AKIA${'IOSFODNN7EXAMPLQ'}";\n` }, 'src/a.js', 2],
    [
      'permission-widened 80',
      {
        'infra/net.tf':
          'resource "aws_security_group_rule" "r" {\n  type = "ingress"\n  cidr_blocks = ["0.0.0.0/0"]\n}\n',
      },
      'infra/net.tf',
      3,
    ],
    ['destructive-change 80', { 'db/migrations/2.sql': 'DROP TABLE orders;\n' }, 'db/migrations/2.sql', 1],
    [
      'dependency-added',
      {
        'package.json': '{\n  "name": "x",\n  "version": "1.0.0",\n  "dependencies": {\n    "left-pad": "*"\n  }\n}\n',
      },
      'package.json',
      5,
    ],
  ];
  for (const [rule, files, file, line] of contentRules) {
    it(`finds ${rule} and says where, in the work tree, the index and a commit`, async () => {
      await personWrites(project, files);
      const check = async (...args: readonly string[]): Promise<void> => {
        const factor = (await risk(...args)).factors.find(({ id }) => rule.startsWith(id));
        assert.ok(factor, `${rule} of ${args.join(' ')}`);
        assert.ok(`${factor.id} ${factor.effect.slice(6)}`.startsWith(rule));
        assert.deepEqual(factor.where[0], { path: file, line });
      };
      await check();
      assert.equal((await risk('--staged')).score, 0);
      await project.git('add', '--all');
      await check('--staged');
      await project.git('commit', '--quiet', '--message=More');
      await check('HEAD');
      assert.equal((await risk()).score, 0);
    });
  }

  it('knows sensitive paths, those of the policy among them', async () => {
    await personWrites(project, { 'src/auth/login.md': 'x\n', 'prices/list.js': 'x();\n' });
    assert.ok(!(await floors()).some((floor) => floor.startsWith('sensitive-path')));
    const policy = { version: 1, sensitive: { areas: { prices: ['prices/**'] } }, floors: { 'sensitive-path': 90 } };
    await project.write({ '.countersign.json': JSON.stringify(policy) });
    const found = (await risk()).factors.find(({ id }) => id === 'sensitive-path');
    const where = [{ path: '.countersign.json' }, { path: 'prices/list.js' }];
    assert.deepEqual([found?.effect, found?.where], ['floor 90', where], 'a policy is sensitive itself');
    assert.match(found?.detail ?? '', /prices/);
  });

  it('takes levels, required evidence and allowed assistants from the policy, and says what is wrong with it', async () => {
    const policy = {
      version: 1,
      levels: { moderate: 5 },
      evidence: { tests: ['src/**'] },
      assistants: ['codex'],
      colour: 1,
    };
    await project.write({ '.countersign.json': JSON.stringify(policy) });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Policy');
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    assert.deepEqual((await floors()).slice(0, 2), ['assistant-not-allowed 95', 'evidence-missing 80']);
    const { without } = await risk();
    assert.match(without.find(({ what }) => what === 'policy')?.why ?? '', /^\.countersign\.json:1:\d+: colour/);
    await project.countersignOutput('review', '--all');
    await personWrites(project, { 'src/a.js': 'first();\n', 'lib.js': 'x();\n' });
    assert.ok((await risk()).score < 50);
    assert.notEqual((await risk()).level, 'low');
  });

  it('goes without a policy that is no policy, and without parsers for what cannot be parsed', async () => {
    await project.write({
      '.countersign.json': 'nonsense',
      'infra/main.tf': 'resource "a" {{{\n',
      'k8s.yaml': 'a: [\n',
    });
    const { without, factors } = await risk();
    assert.ok(without.some(({ what, why }) => what === 'policy' && why.includes('not JSON')));
    assert.ok(factors.some(({ id }) => id === 'untested'));
  });

  it('of a commit is that of its own record and change; of a range a line a commit, the newest first', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    await project.countersignOutput('install', '--git');
    await project.git('commit', '--quiet', '--all', '--message=By an assistant');
    await project.write({ 'README.md': 'words\n' });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=By nobody known');
    assert.deepEqual((await floors('HEAD~1')).slice(0, 2), ['unseen-ai 50', 'untested 30']);
    assert.deepEqual(await floors('HEAD'), ['unknown-origin 10']);
    const lines = (await project.countersignOutput('risk', 'HEAD~2..HEAD')).trim().split('\n');
    assert.equal(lines.pop(), 'without their history: 2 of 2 commits; "countersign risk REV" says why');
    assert.deepEqual(
      lines.map((line) => /By \w+ \w+/.exec(line)?.[0]),
      ['By nobody known', 'By an assistant'],
    );
    assert.match(lines[1] ?? '', /^[0-9a-f]{12} {2}moderate \d+\/100 +By an assistant {2}\(unseen-ai, untested\)/);
    const { schema, commits } = JSON.parse(await project.countersignOutput('risk', '--json', 'HEAD~2..HEAD')) as {
      schema: string;
      commits: (Risk & { subject: string })[];
    };
    assert.deepEqual(
      [schema, commits.map(({ subject }) => subject)],
      ['countersign/risk/1', ['By nobody known', 'By an assistant']],
    );
    assert.ok((commits[1]?.score ?? 0) >= 50);
  });

  it('says what would lower it, and what it had to do without', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    const text = await project.countersignOutput('risk');
    assert.match(text, /^risk moderate \d+\/100/);
    assert.match(text, /\n {2}unseen-ai +floor 50 +1 AI line nobody has looked at +src\/a\.js:2\n/);
    assert.match(
      text,
      /\nto lower it:\n {2}1\. {2}unseen-ai +read the AI lines and say so: "countersign review" +then low \d+\/100\n/,
    );
    assert.match(text, /\nwithout history: there is no index of the history yet: "countersign index" makes one\n/);
  });

  it('is compared with the training set, and with the last commits of the repository once an index knows enough', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    const before = await risk();
    assert.deepEqual(before.basis, { kind: 'training-set' });
    assert.ok(before.without.some(({ what }) => what === 'history'));
    assert.match(await project.countersignOutput('risk'), /of the changes that the model was trained on\n/);
    assert.ok(before.factors.some(({ id, effect }) => id === 'lines-added' && /^[+−]\d\.\d\d$/.test(effect)));
    // From here on every commit adds more lines than the pending change.
    for (let i = 0; i < 55; i++) {
      const file = path.join(project.dir, `many-${i}.js`);
      await writeFile(file, Array.from({ length: 40 }, (_, n) => `call(${i}, ${n});\n`).join(''));
      await project.git('add', `many-${i}.js`);
      await project.git('commit', '--quiet', `--message=Add ${i}`, '--no-verify');
    }
    await project.countersignOutput('index');
    const { basis, percentile, without } = await risk();
    assert.deepEqual(basis, { kind: 'repository', commits: 56 });
    assert.ok(percentile !== null && percentile < 50, `${percentile}`);
    assert.ok(!without.some(({ what }) => what === 'history'));
    assert.match(await project.countersignOutput('risk'), /riskier than \d+ % of this repository's changes\n/);
    const status = JSON.parse(await project.countersignOutput('status', '--json')) as { risk: Risk };
    assert.deepEqual(status.risk.basis, basis);
  });

  it('tells who must review by the policy, where anybody must', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
    const told = async (command: string, ...args: readonly string[]): Promise<string[]> =>
      (await project.countersignOutput(command, ...args)).split('\n').filter((line) => line.startsWith('policy: '));
    const known = async (): Promise<unknown> =>
      (JSON.parse(await project.countersignOutput('risk', '--json')) as { reviewers: unknown }).reviewers;
    assert.deepEqual([await told('risk'), await told('status'), await known()], [[], [], null]);
    const reviewers = { low: { count: 1 }, moderate: { count: 2, named: ['@org/security'] } };
    await project.write({ '.countersign.json': JSON.stringify({ version: 1, reviewers }) });
    const words = 'policy: 2 reviewers at moderate, @org/security among them';
    assert.deepEqual([await told('risk'), await told('status')], [[words], [words]]);
    assert.deepEqual(await known(), { count: 2, named: ['@org/security'] });
    await project.countersignOutput('review', '--all');
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Change');
    const [line] = await told('risk', 'HEAD');
    assert.match(line ?? '', /^policy: (?:1 reviewer at low|2 reviewers at moderate, @org\/security among them)$/);
    assert.deepEqual(await told('risk'), [], 'nothing is pending');
  });

  it('refuses what it cannot judge', async () => {
    for (const args of [
      ['HEAD', 'HEAD'],
      ['--staged', 'HEAD'],
      ['no-such-revision'],
      ['--features', 'a.csv', 'HEAD'],
      ['--features', 'a.csv', '--json'],
    ]) {
      const { code, stderr } = await project.countersign(['risk', ...args]);
      assert.notEqual(code, 0);
      assert.match(stderr, /^countersign: .+\n/);
    }
  });
});

describe('the risk of a commit', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'src/a.js': 'first();\n' });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  async function trailer(): Promise<string> {
    return (await project.git('log', '-1', '--format=%(trailers:key=Change-Risk,valueonly)')).trim();
  }

  async function record(): Promise<string> {
    const [, file = ''] =
      /(\S+\.json)/.exec(await project.git('ls-tree', '-r', '--name-only', 'refs/countersign/records')) ?? [];
    return await project.git('show', `refs/countersign/records:${file}`);
  }

  it('names the floors that were found, the strongest first', async () => {
    await assistantWrites(project, {
      'src/a.js': 'first();\nsecond();\n',
      'db/migrations/2.sql': 'DROP TABLE orders;\n',
    });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=More');
    assert.match(await trailer(), /^high 80\/100 \(destructive-change, sensitive-path, unseen-ai, untested\)$/);
  });

  it('is in the record without lines, quotations and reasons', async () => {
    const secret = `AKIA${'IOSFODNN7EXAMPLQ'}`;
    await assistantWrites(project, {
      'src/a.js': `first();\nconst key = "${secret}";\n`,
      'x.sql': 'DROP TABLE orders;\n',
    });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=More');
    const text = await record();
    const { risk } = JSON.parse(text) as { risk: { factors: { id: string; detail?: string }[]; without: string[] } };
    assert.deepEqual(
      risk.factors.flatMap(({ id, detail }) => (detail === undefined ? [id] : [])),
      ['secret-added', 'destructive-change'],
    );
    assert.ok(risk.without.includes('history'));
    for (const word of [secret, 'orders', '"where"', '"line"', project.dir]) assert.ok(!text.includes(word), word);
  });

  it('goes without what fails: the commit has its trailers all the same', async () => {
    await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n', '.countersign.json': '[' });
    await project.write({ '.git/countersign/runs.ndjson': 'no entry\n' });
    await project.git('add', '--all');
    const { code, stderr } = await project.run('git', ['commit', '--quiet', '--message=More']);
    assert.equal(code, 0);
    assert.match(stderr, /^countersign: \.countersign\.json does not count: .+\n$/);
    assert.match(await trailer(), /^moderate 60\/100 \(sensitive-path, unseen-ai, untested/);
  });
});
