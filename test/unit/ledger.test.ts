import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unknown } from '../../src/core/author.ts';
import { contentHash } from '../../src/core/digest.ts';
import { RunMap } from '../../src/core/runs.ts';
import { EntryLog } from '../../src/ledger/entryLog.ts';
import { type JournalEntry, JournalEntrySchema } from '../../src/ledger/journal.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { ai, person } from '../support/authors.ts';

const window = { tool: 't', session: 's', at: new Date().toISOString() };
const block = 'function area(width, height) {\n  return width * height;\n}\n';

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
    await ledger.observe('a', 'one\n', { how: 'seen' });
    await ledger.observe('a', 'one\ntwo\n', { how: 'changed', since: 'one\n', author: person });
    await ledger.observe('a', 'one\ntwo\nsix\n', { how: 'changed', since: 'one\n', author: ai() });
    assert.equal(await origins('a', 'one\ntwo\nsix\n'), 'unknown4 human4 ai4');
  });

  it('does not mind who looks in between', async () => {
    await ledger.observe('a', 'one\n', { how: 'seen' });
    await ledger.observe('a', 'one\ntwo\n', { how: 'seen' });
    assert.equal(await origins('a', 'one\ntwo\n'), 'unknown4 unknown4');
    await ledger.observe('a', 'one\ntwo\n', { how: 'changed', since: 'one\n', author: ai() });
    assert.equal(await origins('a', 'one\ntwo\n'), 'unknown4 ai4');
  });

  it('gives nobody what git brought', async () => {
    await ledger.observe('a', 'from git\nmine\n', { how: 'changed', since: '', author: ai(), brought: ['from git\n'] });
    assert.equal(await origins('a', 'from git\nmine\n'), 'unknown9 ai5');
  });

  it('gives an assistant what it says that it wrote, and not what was changed since', async () => {
    await ledger.observe('a', 'mine\nelse\n', { how: 'wrote', before: '', after: 'mine\n', author: ai() });
    assert.equal(await origins('a', 'mine\nelse\n'), 'ai5 unknown5');
  });

  it('leaves what somebody is known to have written meanwhile, whatever an assistant says', async () => {
    await ledger.observe('a', 'one\n', { how: 'seen' });
    const runs = RunMap.of(4, unknown.firstSeen);
    runs.append(6, person);
    await ledger.observe('a', 'one\nhuman\n', { how: 'edited', runs });
    const text = 'one\nhuman\nai\n';
    await ledger.observe('a', text, { how: 'wrote', before: 'one\n', after: text, author: ai() });
    assert.equal(await origins('a', text), 'unknown4 human6 ai3');
  });

  it("takes what was inferred to be one assistant's for another one's that says so", async () => {
    const [guess, word] = [ai('s-1', { evidence: 'inferred', rule: 'overlapping-commands' }), ai('s-2')];
    await ledger.observe('a', 'mine\n', { how: 'changed', since: '', author: guess });
    await ledger.observe('a', 'mine\n', { how: 'wrote', before: '', after: 'mine\n', author: word });
    assert.deepEqual([...(await ledger.attribute('a', 'mine\n'))], [{ length: 5, author: word }]);
  });

  it('follows a line that was moved by one and changed by another meanwhile', async () => {
    const [one, two] = ['const first = one(1);\n', 'const second = two(2);\n'];
    const began = new Date().toISOString();
    await ledger.observe('a', one + two, { how: 'seen' });
    await ledger.observe('a', two + one, { how: 'seen' });
    const text = two.replace('2', '3') + one.replace('1', '4');
    await ledger.observe('a', text, { how: 'changed', since: one + two, began, author: ai() });
    assert.equal(await origins('a', text), 'unknown19 ai1 unknown21 ai1 unknown3');
  });

  it('gives no assistant what a person has pasted', async () => {
    await ledger.observe('a', 'pasted\n', { how: 'edited', runs: RunMap.of(7, unknown.paste) });
    await ledger.observe('a', 'pasted\nmine\n', { how: 'changed', since: '', author: ai() });
    assert.equal(await origins('a', 'pasted\nmine\n'), 'unknown7 ai5');
  });

  it('gives nobody a cut that somebody else has made', async () => {
    const [before, after] = ["const n = call(value, 'text');\n", 'const n = call(value);\n'];
    await ledger.observe('a', before, { how: 'seen' });
    const runs = RunMap.of(20, unknown.firstSeen);
    runs.append(0, person);
    runs.append(3, unknown.firstSeen);
    await ledger.observe('a', after, { how: 'edited', runs });
    await ledger.observe('a', after, { how: 'changed', since: before, author: ai() });
    assert.equal(await origins('a', after), 'unknown20 human0 unknown3');
  });

  it('knows a text again that a path held before', async () => {
    await ledger.observe('a', 'mine\n', { how: 'changed', since: '', author: ai() });
    await ledger.observe('a', 'something else\n', { how: 'seen' });
    await ledger.observe('a', 'mine\n', { how: 'seen' });
    assert.equal(await origins('a', 'mine\n'), 'ai5');
  });

  it('knows a text again under another path, unless anybody may have written it twice', async () => {
    await ledger.observe('a', block, { how: 'changed', since: '', author: ai() });
    assert.equal(await origins('renamed', block), `ai${block.length}`);
    await ledger.observe('a', 'mine\n', { how: 'changed', since: '', author: ai() });
    assert.equal(await origins('b', 'mine\n'), 'unknown5');
  });

  describe('finds a block again that went from another path', () => {
    const other = 'const other = true;\n';
    const length = block.length;
    beforeEach(async () => {
      await ledger.observe('a', `${other}${block}`, { how: 'changed', since: '', author: ai() });
      await ledger.observe('b', 'first();\n', { how: 'seen' });
    });

    it('when nobody says who put it there', async () => {
      await ledger.observe('a', other, { how: 'seen' });
      assert.equal(await origins('b', `first();\n${block}last();\n`), `unknown9 ai${length} unknown8`);
    });

    it('when an assistant did, and what is not from there is its own', async () => {
      await ledger.observe('a', other, { how: 'seen' });
      const text = `first();\n${block}last();\n`;
      const author = ai('s-2', { tool: 'codex' });
      await ledger.observe('b', text, { how: 'wrote', before: 'first();\n', after: text, author });
      const tools = [...(await ledger.attribute('b', text))].map(({ author }) => 'tool' in author && author.tool);
      assert.deepEqual(tools, [false, 'claude', 'codex']);
    });

    it('and gives nobody what was not written when it was moved', async () => {
      await ledger.observe('c', block.replaceAll('area', 'size'), { how: 'seen' });
      await ledger.observe('c', '', { how: 'seen' });
      const text = `first();\n${block.replaceAll('area', 'size')}`;
      await ledger.observe('b', text, { how: 'changed', since: 'first();\n', author: ai() });
      assert.deepEqual(
        new Set([...ledger.attribute('b', text)].map(({ author }) => author.origin)),
        new Set(['unknown']),
      );
    });

    it('where it was cut from this same path before', async () => {
      await ledger.observe('a', other, { how: 'seen' });
      assert.equal(await origins('a', `${block}first();\n${other}`), `ai${length} unknown9 ai${other.length}`);
    });

    it('but not a copy of it', async () => {
      assert.equal(await origins('b', `first();\n${block}last();\n`), `unknown9 unknown${length + 8}`);
    });

    it('where the other path has changed unobserved, and takes a changed file for the one that is gone', async () => {
      const changed = new Ledger(folder, (path) => (path === 'a' ? '' : undefined));
      const text = `${other}${block}${block.replaceAll('area', 'size')}`;
      const runs = [...(await changed.attribute('renamed', text))].map((run) => `${run.author.origin}${run.length}`);
      assert.deepEqual(runs, [`ai${other.length + length}`, `unknown${length}`]);
    });
  });

  it('loses nothing that 30 reports of one file say at once', async () => {
    await ledger.observe('a', '', { how: 'seen' });
    const lines = Array.from({ length: 30 }, (_, i) => `line number ${i}\n`);
    const text = lines.join('');
    await Promise.all(
      lines.map((line, i) =>
        ledger.observe('a', text, { how: 'changed', since: text.replace(line, ''), author: ai(`s-${i}`) }),
      ),
    );
    const sessions = [...(await ledger.attribute('a', text))].map(({ author }) =>
      author.origin === 'ai' ? author.session : '?',
    );
    assert.deepEqual(
      sessions,
      lines.map((_, i) => `s-${i}`),
    );
  });

  describe('when it is compacted', () => {
    const none = { size: 0, age: 0, steps: 1, grace: 0 };
    beforeEach(async () => {
      await ledger.observe('a', 'old\n', { how: 'changed', since: '', author: ai() });
      await ledger.observe('a', 'new\n', { how: 'changed', since: 'old\n', author: ai() });
    });

    it('keeps all that is young and small', async () => {
      assert.equal(await ledger.compact(() => false), 0);
      assert.equal(await origins('a', 'old\n'), 'ai4');
    });

    it('keeps the last text of a path with pending lines whatever its age', async () => {
      assert.equal(await ledger.compact((path) => path === 'a', none), 1);
      assert.deepEqual(await stored(), [contentHash('new\n')]);
      assert.equal(await origins('a', 'new\n'), 'ai4');
    });

    it('keeps what an open window saw', async () => {
      ledger.windows.open({ kind: 'edit', ...window, path: 'a', hash: contentHash('old\n') });
      assert.equal(await ledger.compact(() => false, none), 1);
      assert.deepEqual(await stored(), [contentHash('old\n')]);
    });

    it('forgets a path without pending lines that nobody has seen for long, and what killed writers left', async () => {
      const texts = path.join(ledger.folder, 'texts', contentHash('old\n').slice(0, 2));
      await mkdir(path.join(ledger.folder, 'windows'));
      const names = ['paths/x.ndjson.7.tmp', 'snapshot.lock', 'windows/x.json.8.tmp'];
      for (const file of [...names.map((name) => path.join(ledger.folder, name)), path.join(texts, 'x.9.tmp')]) {
        await writeFile(file, '');
        // A file's time has fractions of a millisecond, and so may lie after the clock's.
        await utimes(file, 0, 0);
      }
      assert.equal(await ledger.compact(() => false, none), 2);
      assert.deepEqual(await stored(), []);
      assert.deepEqual(await leftovers(), []);
    });

    /** All but the texts and the file that this process holds its locks with. */
    async function leftovers(): Promise<string[]> {
      const entries = await readdir(ledger.folder, { recursive: true, withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return names.filter((name) => name !== 'compacted' && !name.startsWith(`holder.${process.pid}.`));
    }

    it('keeps the youngest steps of a path', async () => {
      await ledger.compact(() => false, { ...none, age: 60_000 });
      assert.equal(ledger.held('a', contentHash('new\n'), '9999'), true);
      assert.equal(ledger.held('a', contentHash('old\n'), '9999'), false);
    });
  });

  it('keeps a journal of sessions, commands and reviews, bounded, the oldest lost first', async () => {
    const entry = (i: number): JournalEntry => ({
      entry: 'session',
      at: `${i}`,
      tool: 't',
      session: 's',
      event: 'end',
    });
    await Promise.all(Array.from({ length: 30 }, (_, i) => ledger.journal.append(entry(i))));
    assert.equal(ledger.journal.entries().length, 30);
    const log = new EntryLog(path.join(folder, 'log'), JournalEntrySchema, 1_000);
    for (let i = 0; i < 100; i++) await log.append(entry(i));
    const numbers = log.entries().map(({ at }) => Number(at));
    assert.ok(numbers.length > 10 && numbers.length < 40, `${numbers.length} entries`);
    assert.deepEqual(
      numbers,
      Array.from({ length: numbers.length }, (_, i) => 100 - numbers.length + i),
    );
    assert.deepEqual(
      log.last(12).map(({ at }) => Number(at)),
      numbers.slice(-12),
    );
  });

  it('keeps one unsaved text a document, not one a pause', async () => {
    const first = ledger.keep('unsaved 1', RunMap.of(9, person));
    const second = ledger.keep('unsaved 2', RunMap.of(9, person));
    assert.ok(first && second);
    ledger.drop('a', first);
    assert.deepEqual(await stored(), [second]);
    assert.equal(ledger.keep('unsaved 2', RunMap.of(9, person)), undefined);
    await ledger.observe('a', 'unsaved 2', { how: 'edited', runs: RunMap.of(9, person) });
    ledger.drop('a', second);
    assert.deepEqual(await stored(), [second], 'a path holds it now');
  });
});
