import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type MessageBytes, messageParts, messageRules, ownWords, withPreview } from '../../src/git/message.ts';

const message = (...lines: string[]): MessageBytes => `${lines.join('\n')}\n` as MessageBytes;
const rules = messageRules([]);
const scissors = '# ------------------------ >8 ------------------------';

describe('the parts of a message', () => {
  it('are the whole message, whatever it says', () => {
    const line = fc.oneof(
      fc.constantFrom('', ' ', '#', '# comment', '#12', 'Words', 'Signed-off-by: A <a@b>', scissors, '; x', '// y'),
      fc.string(),
    );
    const comments = fc.constantFrom('#', ';', '//', 'auto');
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), comments, fc.boolean(), (lines, edited, comment, hasEnd) => {
        const whole = (lines.join('\n') + (hasEnd ? '\n' : '')) as MessageBytes;
        const { words, tail } = messageParts(whole, messageRules([['core.commentstring', comment]]), edited);
        // Git ends the last line, too.
        assert.ok([whole, `${whole}\n`].includes(words + tail), JSON.stringify([words, tail]));
      }),
    );
  });

  it('are divided above the comments at the end and the scissors line', () => {
    const whole = message('Words', '', '# comment', '', scissors, 'diff --git');
    assert.deepEqual(messageParts(whole, rules, true), {
      words: 'Words\n',
      tail: '\n# comment\n\n# ------------------------ >8 ------------------------\ndiff --git\n',
      comment: '#',
    });
    assert.equal(messageParts(whole, rules, false).words, whole);
  });

  it('have comments in the words where git keeps them', () => {
    const kept = "# with '#' will be kept; you may remove them yourself if you want to.";
    for (const cleanup of ['verbatim', 'whitespace', 'scissors']) {
      const parts = messageParts(message('Words', '# text'), messageRules([['commit.cleanup', cleanup]]), true);
      assert.deepEqual(parts, { words: 'Words\n# text\n', tail: '', comment: undefined });
    }
    assert.equal(messageParts(message('Words', kept), rules, true).words, message('Words', kept));
    assert.equal(messageParts(message('Words', '# text', scissors), rules, true).words, 'Words\n');
  });

  it('lose what was shown of our trailers, and nothing else, whatever begins a comment', () => {
    const trailers = [{ key: 'Assisted-by', value: 'Ägent (m-1)' }];
    for (const comment of ['#', '//', '§']) {
      const own = messageRules([
        ['core.commentchar', ';'],
        ['core.commentstring', comment],
      ]);
      const whole = message('Mend Countersign: it', '', `${own.comment} Please enter`);
      const shown = withPreview(whole, trailers, own.comment);
      assert.ok(
        Buffer.from(shown, 'latin1').toString('utf8').includes(`${comment} Countersign:   Assisted-by: Ägent (m-1)\n`),
      );
      const { words, tail } = messageParts(shown, own, true);
      assert.equal(words + tail, whole);
    }
  });

  it("have git's own choice of a character for comments", () => {
    const automatic = messageRules([['core.commentchar', 'auto']]);
    const parts = messageParts(message('# text', '', '; Please enter', ';', '; more'), automatic, true);
    assert.deepEqual([parts.words, parts.comment], ['# text\n', ';']);
  });
});

describe("a person's own words", () => {
  const words = (edited: boolean, ...lines: string[]): string[] => ownWords(message(...lines), rules, edited);

  it('are no blanks, comments, sign-offs, and nothing below the scissors', () => {
    assert.deepEqual(words(true, '', '  ', '# comment', '#12', 'signed-off-by: A <a@b>', scissors, 'diff'), []);
    assert.deepEqual(words(true, 'Words', '# comment', 'More', scissors, 'diff'), ['Words', 'More']);
  });

  it('may begin with a number sign where there is no editor, unless comments are taken out', () => {
    assert.deepEqual(words(false, '#12 Mend it'), ['#12 Mend it']);
    assert.deepEqual(words(false, '# comment', '#', '#\ttab'), []);
    assert.deepEqual(ownWords(message('#12 Mend it'), messageRules([['commit.cleanup', 'strip']]), false), []);
  });

  it('are none of the characters that git chooses from, where it chooses', () => {
    const automatic = messageRules([['core.commentchar', 'auto']]);
    assert.deepEqual(ownWords(message('; x', '# y', 'z'), automatic, true), ['z']);
  });
});
