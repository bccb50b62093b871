import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { aider } from '../../../src/agents/aider.ts';
import { lastChat } from '../../../src/agents/aiderHistory.ts';
import { PayloadError } from '../../../src/agents/assistant.ts';

/** In the form of Aider 0.86: `aider/io.py` and `aider/coders` of its repository write it so. */
function history(...replies: readonly string[]): string {
  const old =
    '\n# aider chat started at 2026-01-01 08:00:00\n\n> Model: old with diff edit format  \n> Applied edit to b.py  \n';
  const head =
    '\n# aider chat started at 2026-01-02 09:30:00\n\n> Aider v0.86.1  \n> Main model: claude-sonnet-4-5 with diff edit format, infinite output  \n> Weak model: claude-haiku-4-5  \n';
  return [old, head, ...replies.map((reply) => `\n#### Do it.  \n\n${reply}\n\n`)].join('');
}

function block(file: string, before: string, after: string): string {
  return `${file}\n\`\`\`python\n<<<<<<< SEARCH\n${before}=======\n${after}>>>>>>> REPLACE\n\`\`\``;
}

const appliedTo = (file: string): string => `\n> Applied edit to ${file}  `;

describe("Aider's history", () => {
  it('tells the last chat: when it began, its model, and what its blocks replace in which file', () => {
    const text = history(
      `${block('src/a.py', 'one\n', 'two\n')}${appliedTo('src/a.py')}`,
      `${block('**src/b.py**', '', 'new\n')}\n\n${block('', 'x\n', 'y\n')}${appliedTo('src/b.py')}`,
    );
    assert.deepEqual(lastChat(text), {
      started: '2026-01-02 09:30:00',
      model: 'claude-sonnet-4-5',
      edits: [
        { path: 'src/a.py', replacements: [{ oldText: 'one\n', newText: 'two\n', all: false }] },
        {
          path: 'src/b.py',
          replacements: [
            { oldText: '', newText: 'new\n', all: false },
            { oldText: 'x\n', newText: 'y\n', all: false },
          ],
        },
      ],
    });
  });

  it('counts nothing that was not applied, and no block that is cut off', () => {
    const cut = block('a.py', 'one\n', 'two\n').replace(/>>>>>>>[\s\S]*/, '');
    assert.deepEqual(lastChat(history(block('a.py', 'one\n', 'two\n'))).edits, []);
    assert.deepEqual(lastChat(history(`${cut}${appliedTo('a.py')}`)).edits, [{ path: 'a.py', replacements: [] }]);
  });

  it('takes the model that writes, where one plans and another writes', () => {
    const text =
      '> Main model: o3 with architect edit format  \n> Editor model: gpt-4.1 with editor-diff edit format  \n';
    assert.equal(lastChat(`# aider chat started at x\n${text}`).model, 'gpt-4.1');
    assert.deepEqual(lastChat('nothing of it'), { started: '', edits: [] });
  });
});

describe('Aider', () => {
  let top = '';
  const actor = { tool: 'aider', model: 'claude-sonnet-4-5', session: '2026-01-02 09:30:00', kind: 'chat' };
  const own = { GIT_AUTHOR_NAME: 'Dev (aider)' };

  beforeEach(() => {
    top = mkdtempSync(path.join(os.tmpdir(), 'aider-'));
  });
  afterEach(() => rmSync(top, { recursive: true }));

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(top, file)), { recursive: true });
    writeFileSync(path.join(top, file), text);
  }

  function chat(...replies: readonly string[]): void {
    write('.aider.chat.history.md', history(...replies));
  }

  it('tells what the file holds of its blocks, and what it held without them', () => {
    chat(
      `${block('src/a.py', 'one\n', 'two\n')}${appliedTo('src/a.py')}`,
      `${block('src/a.py', 'two\n', 'three\n')}${appliedTo('src/a.py')}`,
    );
    write('src/a.py', "a person's\nthree\n");
    const replacements = [
      { oldText: 'one\n', newText: 'two\n', all: false },
      { oldText: 'two\n', newText: 'three\n', all: false },
    ];
    assert.deepEqual(aider.normalise({ cwd: path.join(top, 'src') }, {}), {
      event: 'after-edit',
      actor,
      edits: [
        {
          file: path.join(top, 'src/a.py'),
          before: "a person's\none\n",
          written: { form: 'replacements', replacements },
        },
      ],
    });
  });

  it('finds its blocks in a file with CRLF', () => {
    chat(`${block('a.py', 'one\n', 'two\nthree\n')}${appliedTo('a.py')}`);
    write('a.py', 'x\r\ntwo\r\nthree\r\n');
    const event = aider.normalise({ cwd: top }, {});
    assert.ok(event.event === 'after-edit' && event.edits[0]?.before === 'x\r\none\r\n');
  });

  it('tells nothing of a text that the file no longer holds, or holds twice', () => {
    chat(`${block('a.py', 'one\n', 'two\n')}${appliedTo('a.py')}`);
    for (const text of ['', 'tow\n', 'two\ntwo\n']) {
      write('a.py', text);
      for (const environment of [{}, own]) {
        assert.deepEqual(aider.normalise({ cwd: top }, environment), { event: 'none' });
      }
    }
  });

  it('tells only the files in its own commit, where the model writes in another form', () => {
    chat(`a.py\n\`\`\`\nwhole\n\`\`\`${appliedTo('a.py')}`);
    write('a.py', 'whole\n');
    assert.deepEqual(aider.normalise({ cwd: top }, { GIT_AUTHOR_NAME: 'Dev' }), { event: 'none' });
    const edits = [{ file: path.join(top, 'a.py') }];
    assert.deepEqual(aider.normalise({ cwd: top }, own), { event: 'after-edit', actor, edits });
  });

  it('reads the history that the person has named, and does without one', () => {
    assert.deepEqual(aider.normalise({ cwd: top }, {}), { event: 'none' });
    chat(`${block('a.py', 'one\n', 'two\n')}${appliedTo('a.py')}`);
    write('a.py', 'two\n');
    const named = { AIDER_CHAT_HISTORY_FILE: path.join(top, '.aider.chat.history.md') };
    assert.equal(aider.normalise({ cwd: os.tmpdir() }, named).event, 'after-edit');
    assert.deepEqual(aider.normalise({ cwd: top }, { AIDER_CHAT_HISTORY_FILE: '/nowhere' }), { event: 'none' });
  });

  it('says in one line what a payload is not', () => {
    for (const wrong of [null, { cwd: 1 }, 'x']) assert.throws(() => aider.normalise(wrong, {}), PayloadError);
  });
});
