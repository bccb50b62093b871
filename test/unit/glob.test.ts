import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Globs, globProblem, maxGlobLength } from '../../src/core/glob.ts';

function matches(glob: string, path: string, ignoreCase = false): boolean {
  return new Globs([glob], { ignoreCase }).matches(path);
}

/** The same by backtracking, for globs of the pieces that the property makes. */
function matchesSlowly(pieces: readonly string[], path: string): boolean {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return path === '';
  const ends = (allowed: (taken: string) => boolean): boolean =>
    Array.from({ length: path.length + 1 }, (_, end) => end).some(
      (end) => allowed(path.slice(0, end)) && matchesSlowly(rest, path.slice(end)),
    );
  if (piece === '**/') return ends((taken) => taken === '' || (taken.endsWith('/') && !/^\/|\/\//.test(taken)));
  if (piece === '*') return ends((taken) => !taken.includes('/'));
  if (piece === '?') return path !== '' && path[0] !== '/' && matchesSlowly(rest, path.slice(1));
  if (piece === '[ab]') return /^[ab]/.test(path) && matchesSlowly(rest, path.slice(1));
  if (piece === '{a,bb}') return ends((taken) => taken === 'a' || taken === 'bb');
  return path.startsWith(piece) && matchesSlowly(rest, path.slice(piece.length));
}

describe('globs', () => {
  const table: readonly [glob: string, matching: readonly string[], others: readonly string[]][] = [
    ['*.sql', ['a.sql', 'db/a.sql', 'a/b/c.sql'], ['a.sql/b', 'asql']],
    ['/*.sql', ['a.sql'], ['db/a.sql']],
    ['db/*.sql', ['db/a.sql'], ['x/db/a.sql', 'db/x/a.sql']],
    ['**/db/*.sql', ['db/a.sql', 'x/db/a.sql', 'x/y/db/a.sql'], ['xdb/a.sql']],
    ['src/**/auth/**', ['src/auth/a', 'src/x/y/auth/b/c'], ['src/auth', 'src/xauth/a', 'auth/a']],
    ['migrations/', ['migrations/1.sql', 'a/migrations/b/2.sql'], ['migrations', 'xmigrations/1']],
    ['/infra/', ['infra/main.tf'], ['a/infra/main.tf']],
    ['src/**', ['src/a', 'src/a/b'], ['src', 'src2/a']],
    ['**', ['a', 'a/b'], ['']],
    ['a**b', ['ab', 'axxb', 'x/axb'], ['ax/b']],
    ['file?.ts', ['file1.ts', 'x/fileA.ts'], ['file.ts', 'file12.ts']],
    ['[a-c]x[!0-9]', ['axb', 'cxx'], ['dxb', 'ax1', 'ax/']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a-]', ['a', '-'], ['b']],
    ['*.{ts,{m,c}js}', ['a.ts', 'a.mjs', 'a.cjs'], ['a.js', 'a.']],
    ['{src,lib}/**/*.py', ['src/a.py', 'lib/x/a.py'], ['test/a.py']],
    ['a{,b}', ['a', 'ab'], ['abb']],
    ['\\*.md', ['*.md'], ['a.md']],
    ['a\\[1\\]', ['a[1]'], ['a1']],
    ['.github/workflows/*.{yml,yaml}', ['.github/workflows/ci.yml'], ['x/.github/workflows/ci.yml']],
    ['a/*/b', ['a/x/b'], ['a/b', 'a/x/y/b']],
    ['a/**/b', ['a/b', 'a/x/y/b'], ['ab']],
  ];
  for (const [glob, matching, others] of table) {
    it(`${glob} matches what it says and nothing else`, () => {
      assert.deepEqual(
        [...matching, ...others].filter((path) => matches(glob, path)),
        matching,
      );
    });
  }

  it('a set says which of its globs match', () => {
    const globs = new Globs(['src/**', '*.ts', 'docs/']);
    assert.deepEqual(globs.matching('src/a.ts'), [0, 1]);
    assert.deepEqual(globs.matching('docs/a.ts'), [1, 2]);
    assert.deepEqual(globs.matching('README'), []);
  });

  it('case is told apart unless it is not to be', () => {
    assert.equal(matches('**/Auth*', 'src/authService.ts'), false);
    assert.equal(matches('**/Auth*', 'src/authService.ts', true), true);
    assert.equal(matches('**/auth*', 'src/AuthService.ts', true), true);
  });

  it('what is wrong with a glob is said', () => {
    assert.equal(globProblem('src/**'), undefined);
    for (const glob of ['', '/', '!a', 'a{b', 'a[b', '[a/b]', 'a\\', '{{{{{a}}}}}', 'x'.repeat(maxGlobLength + 1)]) {
      assert.equal(typeof globProblem(glob), 'string', glob);
      assert.throws(() => new Globs([glob]), RangeError);
    }
  });

  it('agrees with a slow reference', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '[ab]', '{a,bb}');
    const segment = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.filter((each, i) => each !== '*' || pieces[i - 1] !== '*'));
    const folders = fc.oneof(
      segment.map((pieces) => [...pieces, '/']),
      fc.constant(['**/']),
    );
    const glob = fc
      .tuple(fc.array(folders, { maxLength: 3 }), segment)
      .map(([before, last]) => [...before.flat(), ...last]);
    const path = fc.array(fc.constantFrom('a', 'b', 'bb', '/'), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(glob, path, (pieces, letters) => {
        const text = letters.join('');
        assert.equal(matches(`/${pieces.join('')}`, text), matchesSlowly(pieces, text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('a glob built to hang takes at most its length times that of the path', () => {
    const long = `${'a'.repeat(4_000)}b`;
    for (const glob of [
      '*a'.repeat(120),
      '**/'.repeat(80),
      '{a,aa}'.repeat(40),
      `${'{a*,'.repeat(4)}b${'}'.repeat(4)}`,
    ]) {
      const globs = new Globs([`${glob}c`]);
      assert.equal(globs.matches(long), false);
      // Three states a character of the glob at most, entered once for each character of the path.
      assert.ok(globs.steps <= 4 * glob.length * (long.length + 1), `${glob}: ${globs.steps} steps`);
    }
  });

  it('a set that was asked for too much stops, and says so', () => {
    const globs = new Globs(['*a*b', 'src/**'], { maxSteps: 1_000 });
    assert.equal(globs.matches('src/x'), true);
    assert.equal(globs.exhausted, false);
    for (let i = 0; i < 100; i++) globs.matches(`${'ab'.repeat(i)}x`);
    assert.equal(globs.exhausted, true);
    assert.ok(globs.steps < 1_010, `${globs.steps} steps`);
    assert.equal(globs.matches('src/x'), false);
  });
});
