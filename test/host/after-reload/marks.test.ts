import { waitForLines } from '../support/countersign.ts';
import { openFile } from '../support/editor.ts';

describe('the marks after a reload of the window', () => {
  it('are there again', async () => {
    const { document } = await openFile('src/greeting.ts');
    const who = 'countersign-test.completions';
    await waitForLines(document, [`7 mixed ${who}`, `8 ai ${who}`]);
  });
});
