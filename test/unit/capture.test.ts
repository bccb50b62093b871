import assert from 'node:assert/strict';
import { type Author, unknown } from '../../src/core/author.ts';
import { RunMap } from '../../src/core/runs.ts';
import { AttributedDocument, type Follow } from '../../src/extension/capture/attributedDocument.ts';
import { type ChangeEvent, causeOf } from '../../src/extension/capture/changeCause.ts';
import { RemovedTexts } from '../../src/extension/capture/removedTexts.ts';
import { ai, formatter, person } from '../support/authors.ts';

/** A change event with nothing special about it; only what a test cares about differs. */
function event(more: Partial<ChangeEvent>): ChangeEvent {
  return {
    undoOrRedo: false,
    detailed: undefined,
    changes: [insertion('x', 5)],
    isDirty: true,
    selection: { start: 5, end: 5 },
    ...more,
  };
}

function insertion(text: string, offset: number, deleted = 0): ChangeEvent['changes'][number] {
  return { offset, deleted, text };
}

function detailed(source: string, metadata: Record<string, unknown> = {}): ChangeEvent['detailed'] {
  return { source, metadata: { source, ...metadata } };
}

describe('what made a change, by the account of the editor', () => {
  const completion = { $extensionId: 'GitHub.copilot', $nes: false };
  const chat = { $extensionId: 'GitHub.copilot-chat', $modelId: 'copilot|gpt-5', $$sessionId: 'chat-1' };
  const table: [name: string, source: ChangeEvent['detailed'], expected: object][] = [
    ['a key', detailed('cursor', { kind: 'type' }), { cause: 'typed', evidence: 'observed' }],
    ['an input method', detailed('cursor', { kind: 'compositionType' }), { cause: 'typed', evidence: 'observed' }],
    ['a cut', detailed('cursor', { kind: 'cut' }), { cause: 'cut' }],
    ['a paste', detailed('cursor', { kind: 'paste' }), { cause: 'pasted' }],
    [
      'a moved line',
      detailed('cursor', { kind: 'executeCommands', detailedSource: 'editor.action.moveLinesUpAction' }),
      { cause: 'tool', name: 'editor.action.moveLinesUpAction' },
    ],
    [
      'a completion',
      detailed('inlineCompletionAccept', completion),
      { cause: 'ai', tool: 'copilot', kind: 'tab_autocomplete' },
    ],
    [
      'a part of one',
      detailed('inlineCompletionPartialAccept', completion),
      { cause: 'ai', tool: 'copilot', kind: 'tab_autocomplete' },
    ],
    [
      'a completion of nobody',
      detailed('inlineCompletionAccept', { $extensionId: '' }),
      { cause: 'tool', name: 'inline completion' },
    ],
    [
      'an edit of a chat',
      detailed('Chat.applyEdits', chat),
      { cause: 'ai', tool: 'copilot', model: 'copilot/gpt-5', session: 'chat-1', kind: 'agent_action' },
    ],
    ['one taken back', detailed('Chat.undoEdits', chat), { cause: 'restored' }],
    [
      'an inline chat',
      detailed('inlineChat.applyEdits', chat),
      { cause: 'ai', tool: 'copilot', model: 'copilot/gpt-5', session: 'chat-1', kind: 'inline_edit' },
    ],
    ['a reload', detailed('reloadFromDisk'), { cause: 'reloaded' }],
    ['a suggestion', detailed('suggest'), { cause: 'tool', name: 'suggest' }],
    ['a formatter', detailed('unknown', { name: 'formatEditsCommand' }), { cause: 'tool', name: 'formatter' }],
    ['another extension', detailed('unknown', { name: 'MainThreadTextEditor' }), { cause: 'unknown' }],
    ['a source nobody knows yet', detailed('somethingNew'), { cause: 'unknown' }],
  ];
  for (const [name, source, expected] of table) {
    it(name, () => assert.deepEqual(causeOf(event({ detailed: source })), expected));
  }

  it('Backspace', () => {
    const source = detailed('cursor', { kind: 'executeCommand', detailedSource: 'deleteLeft' });
    assert.deepEqual(causeOf(event({ detailed: source, changes: [insertion('', 4, 1)] })), {
      cause: 'typed',
      evidence: 'observed',
    });
  });
});

describe('what made a change, by its shape alone', () => {
  const typed = { cause: 'typed', evidence: 'inferred' };
  const table: [name: string, change: Partial<ChangeEvent>, expected: object][] = [
    ['a key at the cursor', {}, typed],
    ['the first key, when the document is not dirty yet', { isDirty: false }, typed],
    ['an emoji', { changes: [insertion('\u{1f600}', 5)] }, typed],
    ['a pair that closes itself', { changes: [insertion('()', 5)] }, typed],
    ['Enter with its indentation', { changes: [insertion('\r\n    ', 5)] }, typed],
    ['a key over a selection', { changes: [insertion('x', 2, 3)], selection: { start: 2, end: 5 } }, typed],
    ['Backspace', { changes: [insertion('', 4, 1)] }, typed],
    ['Delete', { changes: [insertion('', 5, 1)] }, typed],
    ['a deleted selection', { changes: [insertion('', 2, 3)], selection: { start: 2, end: 5 } }, typed],
    ['a word at once', { changes: [insertion('word', 5)] }, { cause: 'unknown' }],
    ['a key elsewhere', { changes: [insertion('x', 9)] }, { cause: 'unknown' }],
    ['in a document that nobody is editing', { selection: undefined }, { cause: 'unknown' }],
    ['several changes', { changes: [insertion('x', 5), insertion('x', 1)] }, { cause: 'unknown' }],
    ['a document that stays clean', { isDirty: false, changes: [insertion('word', 5)] }, { cause: 'reloaded' }],
    ['undo', { undoOrRedo: true }, { cause: 'restored' }],
  ];
  for (const [name, change, expected] of table) it(name, () => assert.deepEqual(causeOf(event(change)), expected));
});

describe('an attributed document', () => {
  const exact = (author: Author): Follow => ({ how: 'exact', author });
  const cut: Follow = { how: 'cut', author: person };
  const undo: Follow = { how: 'undo', author: unknown.editor };
  const paste: Follow = { how: 'paste', author: unknown.paste };

  /** `a2 h3`: the origins of the text, front to back; a cut is `|`. */
  function origins(document: AttributedDocument): string {
    return [...document.runs].map(({ length, author }) => `${author.origin[0]}${length || '|'}`).join(' ');
  }

  function documentOf(text: string, author: Author): AttributedDocument {
    return new AttributedDocument(text, RunMap.of(text.length, author));
  }

  it('applies the changes of one event by the offsets of the text before it', () => {
    const document = documentOf('one two', ai());
    document.apply([insertion('A', 0), insertion('B', 4)], exact(person));
    assert.equal(document.text, 'Aone Btwo');
    assert.equal(origins(document), 'h1 a4 h1 a3');
  });

  it('remembers who cut something out of a line, and forgets it when the text comes back', () => {
    const document = documentOf('call(one, two);', ai());
    document.apply([insertion('', 8, 5)], exact(person));
    assert.equal(origins(document), 'a8 h| a2');
    document.apply([insertion(', two', 8)], undo);
    assert.equal(origins(document), 'a15');
  });

  it('keeps the mark of a cut when something that was typed beside it is undone', () => {
    const document = documentOf('call(one, two);', ai());
    document.apply([insertion('', 8, 5)], exact(person));
    document.apply([insertion('s', 8)], exact(person));
    document.apply([insertion('', 8, 1)], undo);
    assert.equal(origins(document), 'a8 h| a2');
  });

  it('takes whole lines out without a trace in their neighbours', () => {
    for (const [text, offset, deleted] of [
      ['one();\ntwo();\nthree();\n', 7, 7],
      ['one();\ntwo();\nthree();\n', 6, 7],
    ] as const) {
      const document = documentOf(text, ai());
      document.apply([insertion('', offset, deleted)], exact(person));
      assert.equal(origins(document), `a${text.length - deleted}`);
    }
  });

  it('gives back the authors of text that is cut and pasted, and knows nothing of other text', () => {
    const document = documentOf('ai\nhand\n', ai());
    document.apply([insertion('hand', 3, 4)], exact(person));
    document.apply([insertion('', 0, 8)], cut);
    document.apply([insertion('ai\nhand\n', 0)], paste);
    assert.equal(origins(document), 'a3 h4 a1');
    document.apply([insertion('foreign', 0)], paste);
    assert.equal(origins(document), 'u7 a3 h4 a1');
  });

  it('gives back the authors of text that is cut in one document and pasted into another', () => {
    const removed = new RemovedTexts();
    const from = new AttributedDocument('one\r\ntwo\r\n', RunMap.of(10, ai()), removed);
    const to = new AttributedDocument('', RunMap.of(0, ai()), removed);
    from.apply([insertion('', 0, 10)], cut);
    to.apply([insertion('one\ntwo\n', 0)], paste);
    assert.equal(origins(to), 'a8', 'though the line ends are those of the other document');
  });

  it('takes a few characters from the clipboard for what was deleted only if they were cut', () => {
    const document = documentOf('abc', ai());
    document.apply([insertion('', 0, 3)], exact(person));
    document.apply([insertion('abc', 0)], paste);
    assert.equal(origins(document), 'u3');
  });

  it('keeps the authors of a line that the editor moves over its neighbour', () => {
    const document = documentOf('one();\ntwo();\n', ai());
    document.apply([insertion('hand', 0, 3)], exact(person));
    document.apply([insertion('', 0, 8), insertion('hand();\n', 15)], { how: 'carry', author: formatter });
    assert.equal(document.text, 'two();\nhand();\n');
    assert.equal(origins(document), 'a7 h4 a4');
  });

  it('gives back what Backspace took letter by letter', () => {
    const document = documentOf('abc', ai());
    for (const offset of [2, 1, 0]) document.apply([insertion('', offset, 1)], exact(person));
    document.apply([insertion('abc', 0)], undo);
    assert.equal(origins(document), 'a3');
  });

  it('keeps the authors of what a formatter leaves as it is', () => {
    const document = documentOf('if(a){b()}', ai());
    document.apply([insertion('if (a) {\n  b()\n}', 0, 10)], { how: 'carry', author: formatter });
    assert.deepEqual(
      [...new Set([...document.runs].filter((_, i) => i === 0).map(({ author }) => author.origin))],
      ['ai'],
    );
    assert.equal(
      [...document.runs].reduce((sum, { length }) => sum + length, 0),
      document.text.length,
    );
  });

  it('takes in what others know of text that is unknown here, and nothing else', () => {
    const document = new AttributedDocument(
      'abcd',
      RunMap.from([
        { length: 2, author: person },
        { length: 2, author: unknown.disk },
      ]),
    );
    document.adopt(RunMap.of(4, ai()));
    assert.equal(origins(document), 'h2 a2');
    document.adopt(RunMap.of(4, ai('s-1', { review: 'reviewed' })));
    assert.ok([...document.runs].some(({ author }) => author.origin === 'ai' && author.review === 'reviewed'));
  });
});
