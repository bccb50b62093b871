import assert from 'node:assert/strict';
import { lines, read } from './bytes.ts';

const at = (uri: string, startLine?: number, uriBaseId?: string) => ({
  physicalLocation: {
    artifactLocation: { uri, ...(uriBaseId !== undefined && { uriBaseId }) },
    ...(startLine !== undefined && { region: { startLine } }),
  },
});
const result = (ruleId: string, more: object = {}) => ({
  ruleId,
  message: { text: 'Bad.' },
  locations: [at('a.js', 1)],
  ...more,
});
const log = (...runs: object[]) => JSON.stringify({ version: '2.1.0', runs });
const run = (results: object[], more: object = {}) => ({ tool: { driver: { name: 'Semgrep' } }, results, ...more });

async function only(...runs: object[]) {
  const { scans } = await read(log(...runs));
  assert.equal(scans.length, runs.length);
  return scans[0] as (typeof scans)[number];
}

describe('SARIF', () => {
  it('tells results that count from those that do not', async () => {
    const scan = await only(
      run([
        result('plain'),
        result('fail', { kind: 'fail' }),
        result('pass', { kind: 'pass' }),
        result('n/a', { kind: 'notApplicable' }),
        result('absent', { baselineState: 'absent' }),
        result('unchanged', { baselineState: 'unchanged' }),
        result('new', { baselineState: 'new' }),
        result('suppressed', { suppressions: [{ kind: 'inSource' }] }),
        result('rejected', { suppressions: [{ kind: 'external', status: 'rejected' }] }),
        result('none', { suppressions: [] }),
      ]),
    );
    const rules = scan.findings.map(({ rule }) => rule);
    assert.deepEqual(rules, ['plain', 'fail', 'new', 'rejected', 'none']);
    assert.deepEqual([scan.total, scan.known], [5, 2]);
  });

  it('has the severity of the rule, by its id or its index, wherever the rules stand', async () => {
    const rules = [
      { id: 'score', properties: { 'security-severity': '9.1' } },
      { id: 'level', defaultConfiguration: { level: 'note' } },
      { id: 'words', shortDescription: { text: 'In short.' } },
    ];
    const scan = await only({
      results: [
        result('score'),
        result('level/part'),
        result('level', { level: 'error' }),
        { rule: { index: 2 }, locations: [at('a.js', 3)] },
        result('unknown'),
      ],
      tool: { driver: { name: 'CodeQL', rules } },
    });
    assert.deepEqual(lines(scan.findings), [
      'critical score a.js:1 Bad.',
      'low level/part a.js:1 Bad.',
      'high level a.js:1 Bad.',
      'medium words a.js:3 In short.',
      'medium unknown a.js:1 Bad.',
    ]);
  });

  it('takes rules of extensions', async () => {
    const extensions = [{ name: 'pack', rules: [{ id: 'x', properties: { 'security-severity': '5' } }] }];
    const tool = { driver: { name: 'CodeQL' }, extensions };
    const scan = await only(
      run([{ rule: { index: 0, toolComponent: { index: 0 } }, locations: [at('a.js', 1)] }], { tool }),
    );
    assert.deepEqual(lines(scan.findings), ['medium x a.js:1 x']);
  });

  it('finds files by bases and artifacts', async () => {
    const scan = await only(
      run(
        [
          result('a', { locations: [at('src/a%20b.js', 2, 'SRC')] }),
          result('b', { locations: [at('file:///ci/work/b.js', 2)] }),
          result('c', {
            locations: [{ physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 4 } } }],
          }),
          result('d', { locations: [at('C:\\work\\d.js', 2)] }),
          result('e', { locations: [at('https://example.com/login?token=secret', 1)] }),
          result('f', { locations: [] }),
        ],
        {
          originalUriBaseIds: { SRC: { uri: 'app/', uriBaseId: 'ROOT' }, ROOT: { uri: 'file:///ci/' } },
          artifacts: [{ location: { uri: 'c.js' } }],
        },
      ),
    );
    assert.deepEqual(
      lines(scan.findings).map((line) => line.split(' ').slice(2, -1).join(' ')),
      ['/ci/app/src/a b.js:2', '/ci/work/b.js:2', 'c.js:4', 'C:/work/d.js:2', '/login', '-'],
    );
  });

  it('knows the kind by the tool, or by what its rules are about', async () => {
    const kind = async (name: string, rules: object[] = []) =>
      (await only({ tool: { driver: { name, rules } }, results: [result('r')] })).kind;
    const security = [{ id: 'r', properties: { tags: ['security'] } }];
    assert.deepEqual(
      await Promise.all([
        kind('ESLint'),
        kind('Trivy'),
        kind('ZAP'),
        kind('CodeQL'),
        kind('own'),
        kind('own', security),
      ]),
      ['lint', 'sca', 'dast', 'sast', 'other', 'sast'],
    );
  });

  it('keeps the commit only where there is one', async () => {
    const provenance = (...ids: string[]) => ({ versionControlProvenance: ids.map((revisionId) => ({ revisionId })) });
    const [one, two] = ['a'.repeat(40), 'b'.repeat(40)];
    assert.equal((await only(run([], provenance(one)))).commit, one);
    assert.equal((await only(run([], provenance(one, two)))).commit, undefined);
    assert.equal((await only(run([], provenance('main')))).commit, undefined);
  });

  it('takes no words for a fingerprint', async () => {
    const print = async (fingerprints: object) =>
      (await only(run([result('r', { fingerprints })]))).findings[0]?.fingerprint;
    assert.equal(await print({ 'matchBasedId/v1': 'requires login' }), undefined);
    assert.equal(await print({ 'matchBasedId/v1': '0123456789abcdef_0' }), '0123456789abcdef_0');
  });

  it('keeps messages short, printable and on one line', async () => {
    const text = `a\n\u001b[31mred\u202e ${'x'.repeat(500)}`;
    const [finding] = (await only(run([result('r', { message: { text } })]))).findings;
    assert.match(finding?.message ?? '', /^a \[31mred x+…$/);
    assert.equal(finding?.message.length, 160);
  });

  it('refuses another version, and what is no log', async () => {
    await assert.rejects(
      read('{"version":"2.0.0","runs":[]}'),
      /^ReportError: is SARIF 2\.0\.0: only 2\.1\.0 is read$/,
    );
    await assert.rejects(read('{"runs":[]}'), /is no SARIF log/);
    await assert.rejects(read('{"runs":{},"version":"2.1.0"}'), /is no SARIF log/);
  });
});
