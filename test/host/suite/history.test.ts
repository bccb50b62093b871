import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { api, countersign } from '../support/countersign.ts';
import { workspaceFolder } from '../support/editor.ts';

describe('the history', () => {
  it('is read in the background once the workspace is open', async () => {
    const { history } = await api();
    const file = path.join(workspaceFolder().fsPath, '.git/countersign/history.bin');
    const isThere = (): Promise<boolean> =>
      stat(file).then(
        () => true,
        () => false,
      );
    const updated = new Promise<void>((resolve) => {
      const subscription = history.onDidUpdate(() => {
        subscription.dispose();
        resolve();
      });
    });
    // It may have been read while other tests ran.
    if (!(await isThere())) await updated;
    assert.ok(await isThere());
    const index = JSON.parse(await countersign('index', '--json')) as { commits: number };
    assert.ok(index.commits > 0);
  });
});
