import assert from 'node:assert/strict';
import path from 'node:path';
import { contentRules } from '../../../../src/core/risk/content.ts';
import { figuresOf, type Judged, judge, readSnippets } from './snippets.ts';

describe('labelled snippets for the rules on content', () => {
  const snippets = readSnippets(path.join(__dirname, 'labelled'));
  let judged: Judged[] = [];
  before(async () => {
    judged = await Promise.all(snippets.map(judge));
  });

  it('are enough, and half of them look-alikes', () => {
    assert.ok(snippets.length >= 250, `${snippets.length}`);
    const lookAlikes = snippets.filter(({ rules }) => rules.length === 0).length;
    assert.ok(lookAlikes / snippets.length > 0.4, `${lookAlikes}`);
  });

  it('are all read to their end', () => {
    assert.deepEqual(
      judged.filter(({ skipped }) => skipped > 0).map(({ snippet }) => snippet.name),
      [],
    );
  });

  it('are told with a precision of 0.95 and a recall of 0.9 at least', () => {
    const { precision, recall } = figuresOf(judged);
    const failures = judged.filter(({ missed, wrong }) => missed.length + wrong.length > 0);
    const names = failures.map(({ snippet, missed, wrong }) => `${snippet.name}: missed ${missed}, wrong ${wrong}`);
    assert.ok(precision >= 0.95 && recall >= 0.9, [precision, recall, ...names].join('\n'));
  });

  for (const rule of contentRules) {
    it(`${rule} is as good on its own`, () => {
      const { precision, recall } = figuresOf(judged, rule);
      assert.ok(precision >= 0.95 && recall >= 0.9, `precision ${precision}, recall ${recall}`);
    });
  }
});
