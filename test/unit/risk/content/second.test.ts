import assert from 'node:assert/strict';
import path from 'node:path';
import { figuresOf, type Judged, judge, readSnippets } from './snippets.ts';

describe('labelled snippets of a second list, by another author', () => {
  const snippets = readSnippets(path.join(__dirname, 'second'));
  let judged: Judged[] = [];
  before(async () => {
    judged = await Promise.all(snippets.map(judge));
  });

  it('are told with a precision of 0.95 and a recall of 0.9 at least', () => {
    assert.equal(snippets.length, 130);
    const { precision, recall } = figuresOf(judged);
    const failures = judged.filter(({ missed, wrong }) => missed.length + wrong.length > 0);
    const names = failures.map(({ snippet, missed, wrong }) => `${snippet.name}: missed ${missed}, wrong ${wrong}`);
    assert.ok(precision >= 0.95 && recall >= 0.9, [precision, recall, ...names].join('\n'));
  });
});
