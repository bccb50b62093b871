import assert from 'node:assert/strict';
import { hookCommand, hookLines, launcherWord } from '../../src/git/hooks/call.ts';
import { configLines } from '../../src/git/hooks/configHooks.ts';
import { commitHooks, everyHook } from '../../src/git/hooks/events.ts';
import { findBlock, newFile, withBlock, withoutBlock } from '../../src/git/hooks/managedBlock.ts';
import { decidePlace, type HookFacts } from '../../src/git/hooks/place.ts';

const old: HookFacts = {
  gitVersion: '2.39.5',
  runsConfigHooks: false,
  top: '/r',
  commonDir: '/r/.git',
  folder: '/r/.git/hooks',
};
const recent: HookFacts = { ...old, gitVersion: '2.54.0', runsConfigHooks: true };

describe('where git hooks go', () => {
  it('is the configuration where git runs hooks from it, whatever core.hooksPath says', () => {
    for (const folder of ['/r/.git/hooks', '/r/.husky/_', '/etc/hooks'])
      assert.deepEqual(decidePlace({ ...recent, folder }, 'auto', false), { kind: 'config' });
  });

  it('is the hook files for an older git, or where a person says so', () => {
    const files = { kind: 'files', folder: '/r/.git/hooks', shared: false, husky: false };
    assert.deepEqual(decidePlace(old, 'auto', false), files);
    assert.deepEqual(decidePlace(recent, 'files', false), files);
    assert.deepEqual(decidePlace(old, 'config', false), { kind: 'config' });
  });

  it('is the work tree only when told to', () => {
    const facts = { ...old, folder: '/r/githooks' };
    assert.equal(decidePlace(facts, 'auto', false).kind, 'nowhere');
    assert.deepEqual(decidePlace(facts, 'auto', true), {
      kind: 'files',
      folder: '/r/githooks',
      shared: true,
      husky: false,
    });
  });

  it("is beside husky's own folder, never in it", () => {
    const facts = { ...old, folder: '/r/.husky/_' };
    assert.equal(decidePlace(facts, 'auto', false).kind, 'nowhere');
    assert.deepEqual(decidePlace(facts, 'auto', true), {
      kind: 'files',
      folder: '/r/.husky',
      shared: true,
      husky: true,
    });
  });

  it('is never a folder of other repositories', () => {
    for (const folder of ['/etc/hooks', '/r2/.git/hooks', '/r', '/'])
      assert.equal(decidePlace({ ...old, folder }, 'files', true).kind, 'nowhere', folder);
  });
});

describe('lines in a hook file', () => {
  const block = hookLines('commit-msg', launcherWord("/it's/countersign", false), false);
  const foreign = [
    '#!/bin/sh\necho hello\n',
    '#!/usr/bin/env bash\r\nset -e\r\necho hello',
    '#!/bin/sh\n\xff\xfe not UTF-8\n',
    'echo without a first line\n',
    '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n',
    '#!/bin/sh\n',
    '',
  ];

  it('leave no trace in what others wrote', () => {
    for (const text of foreign) {
      const set = withBlock(text, block, false);
      assert.ok(typeof set === 'string', text);
      assert.deepEqual(findBlock(set), { state: 'present', block });
      assert.equal(withoutBlock(set), text);
    }
  });

  it('are first, but behind the line from which husky before 9 starts the file again', () => {
    assert.ok(String(withBlock(foreign[0] as string, block, false)).startsWith(`#!/bin/sh\n${block}`));
    assert.match(String(withBlock(foreign[4] as string, block, false)), /husky\.sh"\n# >>> countersign >>>/);
  });

  it('go with a file that was made for them, and not with one that somebody added to', () => {
    const whole = hookLines('commit-msg', "'/c'", true);
    for (const needsShebang of [true, false])
      assert.equal(withoutBlock(newFile(whole, needsShebang)), undefined, String(needsShebang));
    assert.equal(withoutBlock(`${newFile(whole, true)}echo mine\n`), '#!/bin/sh\necho mine\n');
  });

  it('that somebody cut into, or copied in part, are damaged', () => {
    const set = String(withBlock('#!/bin/sh\n', block, false));
    assert.deepEqual(findBlock(set.replace('# <<< countersign <<<\n', '')), { state: 'damaged' });
    assert.deepEqual(findBlock(set.replace('# >>> countersign >>>\n', '')), { state: 'damaged' });
    assert.deepEqual(findBlock(`${set}# >>> countersign >>>\n`), { state: 'damaged' });
    assert.deepEqual(findBlock('#!/bin/sh\necho countersign\n'), { state: 'absent' });
  });

  it('are all taken out where a copy stands beside them', () => {
    assert.equal(withoutBlock(`#!/bin/sh\n${block}a\n${block}b\n`), '#!/bin/sh\na\nb\n');
  });

  it('go into no program that is not for sh', () => {
    for (const text of [
      '#!/usr/bin/env python3\n',
      '#!/usr/bin/perl -w\n',
      '#!/usr/bin/fish\n',
      '\x7fELF\0',
      '#!/bin/sh',
    ])
      assert.ok(typeof withBlock(text, block, false) === 'object', text);
    for (const shell of [
      '/bin/sh',
      '/bin/bash -e',
      '/usr/bin/env zsh',
      '/bin/dash',
      '/bin/ksh',
      '/usr/bin/env -S bash -e',
    ])
      assert.ok(typeof withBlock(`#!${shell}\n`, block, false) === 'string', shell);
  });

  it('name nobody where others read them', () => {
    for (const hook of everyHook)
      assert.match(hookLines(hook, launcherWord('/home/me/x', true), true), /^countersign="\$HOME\/\.countersign\//m);
  });
});

describe('hooks in the configuration', () => {
  it('are quoted as git reads them', () => {
    const [, command] = configLines('commit-msg', hookCommand('commit-msg', launcherWord('/it\'s a \\ "x"/c', false)));
    assert.equal(
      command,
      `\tcommand = "f() { set -- '/it'\\\\''s a \\\\ \\"x\\"/c' git-hook commit-msg \\"$@\\"; [ ! -x \\"$1\\" ] || \\"$@\\" || [ $? -ne 1 ]; }; f"`,
    );
  });

  it('may stop nothing but a commit, and that from commit-msg alone', () => {
    const stopping = everyHook.filter((hook) => !hookCommand(hook, "'/c'").includes('|| :;'));
    assert.deepEqual(stopping, ['commit-msg']);
    assert.deepEqual(
      everyHook.filter((hook) => /exit 1/.test(hookLines(hook, "'/c'", false))),
      ['commit-msg'],
    );
    assert.ok(!(commitHooks as readonly string[]).includes('pre-push'));
  });
});
