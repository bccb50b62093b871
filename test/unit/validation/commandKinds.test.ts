import assert from 'node:assert/strict';
import { shellWords } from '../../../src/core/commands/shellWords.ts';
import { plainName, validatingLine } from '../../../src/core/validation/commandKinds.ts';

const surroundings = { folder: '/home/dev/project', top: '/home/dev/project', home: '/home/dev', temporary: ['/tmp'] };
const told = (line: string) => validatingLine(line, surroundings);
const names = (line: string) => told(line).ifPassed.map(({ kind, name }) => `${kind}: ${name}`);

describe('what a command line shows of the code', () => {
  const known: readonly (readonly [line: string, ...names: string[]])[] = [
    ['npm test', 'tests: npm test'],
    ['npm test -- --token=hunter2', 'tests: npm test'],
    ['npx vitest run', 'tests: vitest'],
    ['timeout 60 python -m pytest -q > log.txt 2>&1', 'tests: pytest'],
    ['(cd packages/a && go test ./...)', 'tests: go test'],
    ['bash -lc "npm test"', 'tests: npm test'],
    ['tsc --noEmit', 'lint: tsc --noemit'],
    ['tsc -p .', 'build: tsc'],
    ['npm run build', 'build: npm run build'],
    ['cargo clippy && cargo test', 'lint: cargo clippy', 'tests: cargo test'],
    ['semgrep --config auto --sarif', 'sast: semgrep --config'],
    ['npm audit --json', 'sca: npm audit'],
    ['cd sub; npm test', 'tests: npm test'],
  ];
  for (const [line, ...expected] of known) {
    it(`"${line}" is ${expected.join(', ')}`, () => assert.deepEqual(names(line), expected));
  }

  const silent = [
    ...['npm test | tail -5', 'npm test 2>&1 | tee log', 'npm test || true', 'npm test; echo done', '! npm test'],
    ...['npm test &', 'if npm test; then echo fine; fi', 'bash -c "npm test | tail"', 'echo "npm test"'],
    ...['ssh build.example npm test', 'cd /elsewhere && npm test', 'echo $(npm test)', 'npm test --help', 'npm test "'],
  ];
  for (const line of silent) {
    it(`the exit code of "${line}" tells nothing of it`, () => {
      assert.deepEqual({ passed: names(line), failed: told(line).ifFailed }, { passed: [], failed: undefined });
    });
  }

  it('that a chain failed says which part only where there is no other', () => {
    assert.deepEqual(told('cd sub && npm test').ifFailed, { kind: 'tests', name: 'npm test' });
    assert.equal(told('npm run build && npm test').ifFailed, undefined);
  });

  it('knows when something else may have changed files meanwhile', () => {
    const isAlone = (line: string) => told(line).isAlone;
    assert.deepEqual(['npm test', 'cd sub && npm test', 'CI=1 npm test > log'].map(isAlone), [true, true, true]);
    assert.deepEqual(['make gen && npm test', 'npm run fix; npm test', 'cat list | npm test'].map(isAlone), [
      false,
      false,
      false,
    ]);
  });

  it('takes words as they are, and a name from what no rule knows', () => {
    assert.deepEqual(names(shellWords(['npm', 'test', '--', "it's; rm -rf"])), ['tests: npm test']);
    assert.equal(plainName(['/opt/bin/check.exe', 'all']), 'check all');
    assert.equal(plainName(['node', '-e', 'secret']), 'node');
    assert.equal(plainName(['curl', 'https://user:secret@example.com']), 'curl');
  });
});
