import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** An extension that is loaded, once it is active. */
export async function activated<T>(id: string): Promise<vscode.Extension<T>> {
  const extension = vscode.extensions.getExtension<T>(id);
  assert.ok(extension, `${id} is not loaded`);
  await extension.activate();
  return extension;
}
