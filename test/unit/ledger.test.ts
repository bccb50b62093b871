import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { contentHash } from '../../src/core/digest.ts';
import { RunMap } from '../../src/core/runs.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { ai, person } from '../support/authors.ts';

describe('the ledger', () => {
  let folder: string;
  let ledger: Ledger;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-ledger-'));
    ledger = new Ledger(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function origins(file: string, text: string): Promise<string> {
    return [...(await ledger.attribute(file, text))].map(({ length, author }) => `${author.origin}${length}`).join(' ');
  }

  async function stored(): Promise<string[]> {
    const entries = await readdir(path.join(ledger.folder, 'texts'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  it('gives a claim only what is new and nobody else has', async () => {
    await ledger.observe('a', 'one\n');
    await ledger.claim('a', { before: 'one\n', text: 'one\ntwo\n', author: person });
    await ledger.claim('a', { before: 'one\n', text: 'one\ntwo\nsix\n', author: ai() });
    assert.equal(await origins('a', 'one\ntwo\nsix\n'), 'unknown4 human4 ai4');
  });

  it('does not mind who looks in between', async () => {
    await ledger.observe('a', 'one\n');
    await ledger.observe('a', 'one\ntwo\n');
    assert.equal(await origins('a', 'one\ntwo\n'), 'unknown4 unknown4');
    await ledger.claim('a', { before: 'one\n', text: 'one\ntwo\n', author: ai() });
    assert.equal(await origins('a', 'one\ntwo\n'), 'unknown4 ai4');
  });

  it('gives nobody what git brought', async () => {
    await ledger.claim('a', { before: '', text: 'from git\nmine\n', author: ai(), head: 'from git\n' });
    assert.equal(await origins('a', 'from git\nmine\n'), 'unknown9 ai5');
  });

  it('gives an assistant what it says that it wrote, and not what was changed since', async () => {
    await ledger.claimWritten('a', { before: '', after: 'mine\n', now: 'mine\nelse\n', author: ai() });
    assert.equal(await origins('a', 'mine\nelse\n'), 'ai5 unknown5');
  });

  it('knows a text again that a path held before', async () => {
    await ledger.claim('a', { before: '', text: 'mine\n', author: ai() });
    await ledger.observe('a', 'something else\n');
    await ledger.observe('a', 'mine\n');
    assert.equal(await origins('a', 'mine\n'), 'ai5');
    assert.equal(await origins('renamed', 'mine\n'), 'ai5');
  });

  it('loses nothing that 30 reports of one file say at once', async () => {
    await ledger.observe('a', '');
    const lines = Array.from({ length: 30 }, (_, i) => `line number ${i}\n`);
    const text = lines.join('');
    await Promise.all(
      lines.map((line, i) => ledger.claim('a', { before: text.replace(line, ''), text, author: ai(`s-${i}`) })),
    );
    const sessions = [...(await ledger.attribute('a', text))].map(({ author }) =>
      author.origin === 'ai' ? author.session : '?',
    );
    assert.deepEqual(
      sessions,
      lines.map((_, i) => `s-${i}`),
    );
  });

  it('removes what nothing names, and keeps the last text of each path whatever its age', async () => {
    const none = { size: 0, age: 0, grace: 0 };
    await ledger.claim('a', { before: '', text: 'old\n', author: ai() });
    await ledger.claim('a', { before: 'old\n', text: 'new\n', author: ai() });
    assert.equal(await ledger.prune(), 0, 'young and small');
    assert.equal(await ledger.prune(none), 1);
    assert.deepEqual(await stored(), [contentHash('new\n')]);
    assert.equal(await origins('a', 'new\n'), 'ai4');
  });

  it('keeps one unsaved text a document, not one a pause', async () => {
    const first = await ledger.keep('unsaved 1', RunMap.of(9, person));
    const second = await ledger.keep('unsaved 2', RunMap.of(9, person));
    assert.ok(first && second);
    await ledger.drop('a', first);
    assert.deepEqual(await stored(), [second]);
    assert.equal(await ledger.keep('unsaved 2', RunMap.of(9, person)), undefined);
    await ledger.put('a', 'unsaved 2', RunMap.of(9, person));
    await ledger.drop('a', second);
    assert.deepEqual(await stored(), [second], 'a path holds it now');
  });
});
