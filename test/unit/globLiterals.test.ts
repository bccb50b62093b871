import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Globs, globProblem } from '../../src/core/glob.ts';
import { mayMatch } from '../../src/core/globLiterals.ts';
import { sensitiveGlobs } from '../../src/core/risk/sensitive.ts';

const globs = Object.values(sensitiveGlobs).flat();

describe('the literal parts of a glob', () => {
  it('rule out most globs for a path that none of them means', () => {
    const left = globs.filter((glob) => mayMatch(glob, 'src/f0.ts\nlib/parser/index.js'));
    assert.ok(left.length < globs.length / 10, left.join(' '));
  });

  it('never rule out a glob that matches', () => {
    const word = fc.constantFrom(
      'auth',
      'Login',
      'a',
      '*',
      '?',
      '**',
      '/',
      '{auth,x}',
      '{*x,y}',
      '{a,{b,c}}',
      '[a-z]',
      '\\*',
      '.',
    );
    const anyGlob = fc.oneof(
      fc.constantFrom(...globs),
      fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join('')),
    );
    const segment = fc.constantFrom(
      'auth',
      'login.ts',
      'a',
      'b',
      'x',
      'yx',
      'main.tf',
      '*',
      '.',
      'Dockerfile',
      'x.pem',
    );
    const anyPath = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'));
    fc.assert(
      fc.property(anyGlob, anyPath, (glob, path) => {
        fc.pre(globProblem(glob) === undefined);
        if (new Globs([glob], { ignoreCase: true }).matches(path)) assert.ok(mayMatch(glob, path.toLowerCase()));
      }),
      { numRuns: 3000 },
    );
  });
});
