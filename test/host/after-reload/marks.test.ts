import assert from 'node:assert/strict';
import { markedLines, waitForLines } from '../support/countersign.ts';
import { openFile } from '../support/editor.ts';
import { git } from '../support/git.ts';

describe('the marks after a reload of the window', () => {
  it('are there again', async () => {
    await git('rev-parse', 'HEAD');
    const { document } = await openFile('src/greeting.ts');
    const who = 'countersign-test.completions';
    await waitForLines(document, [`7 mixed ${who}`, `8 ai ${who}`]);
    assert.equal((await markedLines(document)).length, 2);
  });
});
