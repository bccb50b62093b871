import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Place } from '../../src/change/place.ts';
import { DocumentSession } from '../../src/extension/capture/documentSession.ts';
import { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import { Git } from '../../src/git/git.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { ai } from '../support/authors.ts';

describe('a document that is open', () => {
  let folder: string;
  let place: Place;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-session-'));
    const repository = { top: folder, gitDir: folder, commonDir: folder, git: new Git(folder) };
    place = { repository, ledger: new Ledger(folder) };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = (text: string): Promise<DocumentSession> =>
    DocumentSession.open({ place, path: 'a.js' }, text, new EditorWindow('window'));
  const write = (text: string): Promise<void> => writeFile(path.join(folder, 'a.js'), text);
  const typed = { cause: 'typed', evidence: 'observed' } as const;

  /** `a2 h3`: who wrote a text, as the pending state knows it. */
  async function known(text: string): Promise<string> {
    const runs = await place.ledger.attribute('a.js', text);
    return [...runs].map(({ length, author }) => `${author.origin[0]}${length}`).join(' ');
  }

  it('is what the path holds from the moment that it is about to be saved', async () => {
    await write('one\n');
    const session = await open('one\n');
    session.change([{ offset: 4, deleted: 0, text: 'two\n' }], typed);
    await session.persist('one\ntwo\n', 'saving');
    assert.equal(place.ledger.lastText('a.js'), 'one\ntwo\n');
    assert.equal(await known('one\ntwo\n'), 'u4 h4');
  });

  it('is kept by its content alone while it is not saved', async () => {
    const lines = 'first();\nsecond();\nthird();\n';
    const session = await open(lines);
    session.change([{ offset: lines.length, deleted: 0, text: 'fourth();\n' }], typed);
    await session.persist(`${lines}fourth();\n`, 'unsaved');
    assert.equal(place.ledger.lastText('a.js'), undefined);
    assert.equal(await known(`${lines}fourth();\n`), `u${lines.length} h10`);
  });

  it('is not what the path holds when the file has changed and the editor has not noticed', async () => {
    const session = await open('one\n');
    session.change([{ offset: 4, deleted: 0, text: 'two\n' }], typed);
    session.change([{ offset: 4, deleted: 4, text: '' }], { cause: 'restored' });
    await write('one\nai\n');
    await place.ledger.observe('a.js', 'one\nai\n', {
      how: 'wrote',
      author: ai(),
      before: 'one\n',
      after: 'one\nai\n',
    });
    await session.persist('one\n', 'saved');
    assert.equal(place.ledger.lastText('a.js'), 'one\nai\n');
  });

  it('learns who wrote a text on disk when that is reported, though it has been changed since', async () => {
    await write('one\nai\n');
    await place.ledger.observe('a.js', 'one\nai\n', { how: 'seen' });
    const session = await open('one\nai\n');
    session.change([{ offset: 0, deleted: 0, text: 'hand\n' }], typed);
    await session.persist('hand\none\nai\n', 'unsaved');
    await place.ledger.observe('a.js', 'one\nai\n', {
      how: 'wrote',
      author: ai(),
      before: 'one\n',
      after: 'one\nai\n',
    });
    assert.ok(await session.adopt());
    const { runs } = session.attributed;
    assert.deepEqual(
      [...runs].map(({ length, author }) => `${author.origin} ${length}`),
      ['human 5', 'unknown 4', 'ai 3'],
    );
  });
});
