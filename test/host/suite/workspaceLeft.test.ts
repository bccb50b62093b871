import { page } from '../bridge/client.ts';
import { acceptCompletion, observe } from '../support/completions.ts';
import { api, waitForLines } from '../support/countersign.ts';
import { openFile } from '../support/editor.ts';

// The last suite of the session: what it leaves is looked at after the reload of the window.
describe('the workspace', () => {
  it('is left with pending AI lines', async () => {
    const { document } = await openFile('src/greeting.ts');
    await observe(1, () => page.press('Enter'));
    await acceptCompletion('export', ' const three = 3;\nexport const four = 4;');
    const who = 'countersign-test.completions';
    await waitForLines(document, [`7 mixed ${who}`, `8 ai ${who}`]);
    await document.save();
    await (await api()).flush();
  });
});
