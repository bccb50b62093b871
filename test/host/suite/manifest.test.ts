import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settings } from '../../../src/extension/settings.ts';
import { activated } from '../support/extension.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

describe('the manifest', () => {
  it('names just the commands that there are', async () => {
    const { packageJSON } = await activated('countersign.countersign');
    const { contributes } = packageJSON as Manifest;
    const registered = (await vscode.commands.getCommands(true)).filter((command) =>
      command.startsWith('countersign.'),
    );
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), registered.sort());
  });

  it('names just the settings that are read, with the defaults that are meant', async () => {
    const { packageJSON } = await activated('countersign.countersign');
    const { properties } = (packageJSON as Manifest).contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), Object.values(settings).sort());
    for (const value of Object.values(properties)) assert.equal(value.default, true);
  });
});
