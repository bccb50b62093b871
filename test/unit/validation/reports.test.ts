import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lines, read } from './bytes.ts';

const folder = path.join(__dirname, '../../fixtures/results');
const fixture = (name: string) => read(readFileSync(path.join(folder, name)), 1_000);
const found = async (name: string) => {
  const { scans } = await fixture(name);
  const [scan] = scans;
  assert.ok(scan && scans.length === 1, name);
  return { ...scan, lines: lines(scan.findings) };
};

describe('result files of real tools', () => {
  it('are all of a format that is known', async () => {
    const files = readdirSync(folder).filter((name) => /\.(?:sarif|json|xml)$/.test(name));
    assert.ok(files.length >= 20);
    for (const name of files) {
      const { scans, tests } = await fixture(name);
      assert.ok(tests || scans.some(({ total }) => total > 0), name);
    }
  });

  const tests = {
    'junit-gotestsum.xml': { run: 4, failed: 2, skipped: 1 },
    'junit-jest.xml': { run: 3, failed: 1, skipped: 1 },
    'junit-mocha.xml': { run: 3, failed: 1, skipped: 1 },
    'junit-pytest.xml': { run: 4, failed: 1, skipped: 1 },
    'junit-surefire.xml': { run: 3, failed: 2, skipped: 1 },
  };
  for (const [name, counts] of Object.entries(tests)) {
    it(`${name}: ${counts.run} run, ${counts.failed} failed`, async () => {
      const report = await fixture(name);
      assert.deepEqual([report.format, report.tests, report.scans], ['junit', counts, []]);
    });
  }

  it('Semgrep, ESLint and CodeQL on their lines', async () => {
    const semgrep = await found('semgrep.sarif');
    assert.deepEqual([semgrep.tool, semgrep.kind, semgrep.total], ['Semgrep OSS', 'sast', 4]);
    assert.equal(semgrep.lines[1], 'medium rules.md5 src/orders.py:17 MD5 is no secure hash.');
    const eslint = await found('eslint.sarif');
    assert.deepEqual([eslint.tool, eslint.kind, eslint.total], ['ESLint', 'lint', 4]);
    assert.match(eslint.lines[0] as string, /^high no-unused-vars \/repository\/src\/server\.js:9 /);
    const codeql = await found('codeql.sarif');
    assert.deepEqual([codeql.total, codeql.known], [3, 1]);
    assert.equal(
      codeql.lines[0],
      'critical js/command-line-injection src/server.js:10 This command line depends on a user-provided value.',
    );
  });

  it('npm audit: each advisory of each package, and not what is only affected through another', async () => {
    const { kind, lines: all } = await found('npm-audit.json');
    assert.equal(kind, 'sca');
    assert.equal(all.length, 4);
    assert.equal(all[1], 'high GHSA-35jh-r3h4-6jhm lodash@ lodash: Command Injection in lodash');
  });

  it('Mend SCA in its three forms', async () => {
    const expected = 'high CVE-2021-23337 lodash@4.17.15 CVE-2021-23337 in lodash 4.17.15';
    for (const name of ['mend-sca-unified-agent.json', 'mend-sca-vulnerabilities.json', 'mend-sca-platform.json']) {
      const { tool, kind, lines: all } = await found(name);
      assert.deepEqual([tool, kind, all[0]], ['Mend SCA', 'sca', expected], name);
    }
    // The score of CVSS 3 counts where there are two.
    const { lines: all } = await found('mend-sca-vulnerabilities.json');
    assert.ok(all.some((line) => line.startsWith('critical ') && line.includes('minimist')));
    assert.equal((await found('mend-sca-platform.json')).known, 1);
  });

  it('Invicti says the same as JSON and as XML', async () => {
    const [json, xml] = await Promise.all([found('invicti.json'), found('invicti.xml')]);
    assert.deepEqual(json, xml);
    assert.deepEqual([json.kind, json.known], ['dast', 3]);
    assert.deepEqual(json.lines, [
      'critical ConfirmedSqlInjection GET /orders/total SQL Injection',
      'medium PossibleXss POST /orders/1/export [Possible] Cross-site Scripting',
    ]);
  });

  it('ZAP: one finding for each place of an alert, without host and query', async () => {
    for (const name of ['zap-traditional.json', 'zap-traditional-plus.json']) {
      const { tool, kind, lines: all } = await found(name);
      assert.deepEqual([tool, kind, all.length], ['ZAP', 'dast', 4]);
      assert.ok(
        all.every((line) => !/\?|https?:/.test(line)),
        all.join('\n'),
      );
    }
  });
});
