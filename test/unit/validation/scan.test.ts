import assert from 'node:assert/strict';
import type { FileChange } from '../../../src/core/change.ts';
import { lineHash } from '../../../src/core/digest.ts';
import { isManifest, namesPackage } from '../../../src/core/validation/packages.ts';
import {
  baselineOf,
  type KeptFinding,
  type KeptScan,
  type ScanTarget,
  scanResult,
} from '../../../src/core/validation/scan.ts';

/** Added lines of `a.js`, by their number. */
function change(lines: Readonly<Record<number, string>>, more: Partial<FileChange> = {}): FileChange {
  const added = Object.entries(lines).map(
    ([number, text]) =>
      ({ number: Number(number), hash: lineHash(text), class: 'unknown', countsAsAi: false }) as const,
  );
  return { path: 'a.js', deleted: 0, lines: added, ...more };
}

const finding = (line: number, texts: readonly string[], more: Partial<KeptFinding> = {}): KeptFinding => ({
  ...{ id: texts.join('|'), rule: 'r', severity: 'high', message: 'm', path: 'a.js', line },
  hashes: texts.map((text) => lineHash(text)),
  ...more,
});
const scan = (...findings: KeptFinding[]): KeptScan => ({
  ...{ kind: 'sast', tool: 'T', at: '2026-01-01T00:00:00Z', total: findings.length, known: 0, outside: 0 },
  findings,
});

function places(kept: KeptScan, target: Partial<ScanTarget>): (string | undefined)[] {
  const result = scanResult(kept, {
    ...{ files: [], changed: new Set<string>(), freshness: { freshness: 'current' }, baseline: undefined },
    placesOfPackage: () => [],
    ...target,
  });
  assert.equal(result.findings, kept.total);
  return result.fresh.map(({ where }) => where[0] && `${where[0].path}:${where[0].line ?? ''}`);
}

describe('findings of a scan', () => {
  it('are new on lines that the change adds, and on no others', () => {
    const kept = scan(finding(2, ['bad();']), finding(3, ['old();']), finding(2, ['bad();'], { path: 'b.js' }));
    assert.deepEqual(places(kept, { files: [change({ 2: 'bad();' })] }), ['a.js:2']);
  });

  it('count where any of a few lines is added', () => {
    const kept = scan(finding(2, ['call(', 'x,', ');']));
    assert.deepEqual(places(kept, { files: [change({ 4: ');' })] }), ['a.js:4']);
    assert.deepEqual(places(kept, { files: [change({ 5: 'x,' })] }), []);
  });

  it('are no news on lines that were only moved', () => {
    const moved = change({ 2: 'bad();' });
    const lines = moved.lines.map((line) => ({ ...line, class: 'base' as const }));
    assert.deepEqual(places(scan(finding(2, ['bad();'])), { files: [{ ...moved, lines }] }), []);
  });

  it('move with their line after an edit, and go where it is gone', () => {
    const changed = new Set(['a.js']);
    const files = [change({ 7: 'bad();', 40: 'bad();' })];
    assert.deepEqual(places(scan(finding(2, ['bad();'])), { files, changed }), ['a.js:7']);
    assert.deepEqual(places(scan(finding(35, ['bad();'])), { files, changed }), ['a.js:40']);
    assert.deepEqual(places(scan(finding(7, ['mended();'])), { files, changed }), []);
    // Which files have changed can no longer be told: any may have.
    assert.deepEqual(places(scan(finding(2, ['bad();'])), { files, changed: undefined }), ['a.js:7']);
  });

  it('are not new where the baseline has them, as often as it has', () => {
    const one = finding(2, ['bad();']);
    const baseline = baselineOf([one]);
    const files = [change({ 9: 'bad();' })];
    assert.deepEqual(places(scan(one), { files: [change({ 2: 'bad();' })], baseline }), []);
    assert.deepEqual(places(scan(one, finding(9, ['bad();'])), { files, baseline }), ['a.js:9']);
    const added = [change({ 9: 'bad();', 10: 'bad();' })];
    const three = scan(one, finding(9, ['bad();']), finding(10, ['bad();']));
    assert.deepEqual(places(three, { files: added, baseline }), ['a.js:9', 'a.js:10']);
  });

  it('of a package are new where an added line of a manifest names it', () => {
    const kept = scan({ id: '1', rule: 'CVE', severity: 'low', message: 'm', package: 'lodash' });
    const placesOfPackage = (name: string) => (name === 'lodash' ? [{ path: 'package.json', line: 3 }] : []);
    assert.deepEqual(places(kept, { placesOfPackage }), ['package.json:3']);
    assert.deepEqual(places(kept, {}), []);
    assert.deepEqual(places(kept, { placesOfPackage, baseline: baselineOf(kept.findings) }), []);
  });

  it('of the running application are new where a baseline does not have them', () => {
    const page = (id: string): KeptFinding => ({ id, rule: 'XSS', severity: 'high', message: 'm' });
    assert.deepEqual(places(scan(page('1'), page('2')), {}), []);
    assert.equal(places(scan(page('1'), page('2')), { baseline: baselineOf([page('1')]) }).length, 1);
  });
});

describe('packages in manifests', () => {
  it('are named as whole words', () => {
    const named = [
      ['    "lodash": "^4.17.15",', 'lodash'],
      ['    "node_modules/lodash": {', 'lodash'],
      ['"resolved": "https://registry.npmjs.org/lodash/-/lodash-4.17.15.tgz"', 'lodash'],
      ['lodash@^4.17.15:', 'lodash'],
      ['Flask_Login==1.0', 'flask-login'],
      ['\tgithub.com/golang-jwt/jwt v3.2.2+incompatible', 'github.com/golang-JWT/jwt'],
      ['  "@babel/core": "7"', '@babel/core'],
    ] as const;
    for (const [line, name] of named) assert.ok(namesPackage(line, name), line);
    const others = [
      ['    "lodash.merge": "1"', 'merge'],
      ['    "lodash-es": "1"', 'lodash'],
      ['    "my-lodash": "1"', 'lodash'],
      ['    "lodash"', ''],
    ] as const;
    for (const [line, name] of others) assert.ok(!namesPackage(line, name), line);
  });

  it('are looked for in files that name packages', () => {
    for (const path of ['package.json', 'app/package-lock.json', 'go.mod', 'x/requirements-dev.txt', 'Api.csproj']) {
      assert.ok(isManifest(path), path);
    }
    for (const path of ['mypackage.json', 'src/go.modular', 'package.json.md']) assert.ok(!isManifest(path), path);
  });
});
