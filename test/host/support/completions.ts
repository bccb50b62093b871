import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import type { CompletionsApi, ObservedChange } from '../completions/extension.ts';
import { activated } from './extension.ts';

/** The test extension that offers inline completions and observes changes. */
export async function completions(): Promise<CompletionsApi> {
  return (await activated<CompletionsApi>('countersign-test.completions')).exports;
}

/** Does something with the page and gives back the changes it brings, once there are this many. */
export async function observe(count: number, action: () => Promise<void>): Promise<readonly ObservedChange[]> {
  const { onDidObserve } = await completions();
  const changes: ObservedChange[] = [];
  const complete = new Promise<void>((resolve) => {
    const subscription = onDidObserve((change) => {
      changes.push(change);
      if (changes.length < count) return;
      subscription.dispose();
      resolve();
    });
  });
  await action();
  await complete;
  return changes;
}

/**
 * Types `after` at the cursor, which is on a line of its own, has the test extension offer `text` behind it as an inline
 * completion and accepts that with the Tab key. Gives back what the editor said of it.
 */
export async function acceptCompletion(after: string, text: string): Promise<ObservedChange> {
  const api = await completions();
  await observe(after.length, () => page.type(after));
  api.offer = { after, text };
  try {
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    await page.waitFor('.ghost-text, .ghost-text-decoration');
    const [accepted] = await observe(1, () => page.press('Tab'));
    if (!accepted) throw new Error('The completion was not accepted.');
    return accepted;
  } finally {
    api.offer = undefined;
  }
}
