import assert from 'node:assert/strict';
import { isFix, isFixBranch } from '../../../src/core/risk/fix.ts';

describe('whether a change is a fix', () => {
  const fixes = [
    ...[
      'fix: read the last line',
      'fix(parser)!: keep blanks',
      'Fix a crash on start',
      'Fixed NPE in Foo',
      'BUGFIX read on',
    ],
    ...[
      'hotfix: undo',
      'Bug 512345 - wrong offset',
      'Revert "Add a cache"',
      'revert: add a cache',
      'Handle regressions',
    ],
    ...['Keep the order\n\nFixes #12', 'Keep the order\n\ncloses other/repo#3', 'Keep it\n\nFixes: QTBUG-1234'],
    ...[
      'Keep the order\n\nCloses-Bug: #1234567',
      'Keep the order\n\nBug: Issue 4711',
      'net: order\n\nFixes: 1a2b3c4d5e6f ("x")',
    ],
    'Keep the order\n\nResolves: https://forge.example/a/b/issues/7',
  ];
  for (const message of fixes) it(`is: ${JSON.stringify(message)}`, () => assert.equal(isFix(message), true));

  const others = [
    ...[
      'Add a cache',
      'feat: add a cache',
      'docs: fix a typo',
      'chore(deps): fix the version of x',
      'test: crash on start',
    ],
    ...[
      "Merge branch 'fix/crash'",
      'Merge pull request #3 from a/bugfix',
      'Add a prefix',
      'Debug output',
      'Suffixes for all',
    ],
    ...['Add a cache\n\nThe bug in the old one stays.', 'Update README\n\nCloses #3', 'Add a\n\nSee #12', '', '\n'],
  ];
  for (const message of others) it(`is not: ${JSON.stringify(message)}`, () => assert.equal(isFix(message), false));

  it('a message of a megabyte takes no time', () => {
    const start = performance.now();
    isFix(`${'fixe '.repeat(100)}\n${'closes '.repeat(150_000)}\n${'closes \n'.repeat(100_000)}`);
    assert.ok(performance.now() - start < 1_000);
  });

  const branches: [string, boolean | undefined][] = [
    ...(['fix/crash', 'bugfix-12', 'hotfix/1.2', 'user/fix_it', 'ann/bug-77'] as const).map((name): [string, true] => [
      name,
      true,
    ]),
    ...(['feature/cache', 'docs/readme', 'feat-x', 'refactor/parser'] as const).map((name): [string, false] => [
      name,
      false,
    ]),
    ...['main', 'master', 'develop', 'release', 'prefix/x', 'ann/cache', 'JIRA-12'].map((name): [string, undefined] => [
      name,
      undefined,
    ]),
  ];
  for (const [name, expected] of branches)
    it(`branch ${name}: ${expected}`, () => assert.equal(isFixBranch(name), expected));
});
