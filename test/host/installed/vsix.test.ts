import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { activated } from '../support/extension.ts';

describe('the VSIX', () => {
  it('is installed and active', async () => {
    const { extensionPath, isActive } = await activated('countersign.countersign');
    assert.ok(isActive);
    assert.match(extensionPath, /[\\/]extensions[\\/]countersign\.countersign-/);
  });

  it('holds what the extension needs, and nothing else', async () => {
    const { extensionPath } = await activated('countersign.countersign');
    const meant = [
      '.vsixmanifest',
      'changelog.md',
      'dist',
      'license.txt',
      'media',
      'package.json',
      'readme.md',
      'schemas',
    ];
    const entries = await readdir(extensionPath);
    assert.deepEqual(
      entries.filter((entry) => !meant.includes(entry.toLowerCase())),
      [],
    );
    assert.deepEqual(await readdir(path.join(extensionPath, 'schemas')), ['policy.json']);
    const programs = await readdir(path.join(extensionPath, 'dist'));
    // What is kept of the compiled command line, once it has run, lies beside it.
    assert.deepEqual(programs.filter((entry) => !entry.endsWith('.LEGAL.txt') && entry !== 'cache').sort(), [
      'classifier.js',
      'cli.js',
      'commands.js',
      'contentRules.js',
      'extension.js',
      'gitMain.js',
      'historyProcess.js',
      'judgeMain.js',
      'main.js',
      'mcp.js',
      'pendingThread.js',
      'policyText.js',
      'shellReports.js',
    ]);
  });
});
