import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { api } from '../support/countersign.ts';
import { workspaceFolder } from '../support/editor.ts';
import { activated } from '../support/extension.ts';

describe('the MCP server that the editor is offered', () => {
  it('is in the list of servers that the editor shows', async () => {
    const { packageJSON } = await activated('countersign.countersign');
    const { mcpServerDefinitionProviders: providers } = (packageJSON as { contributes: Record<string, unknown> })
      .contributes;
    assert.deepEqual(providers, [{ id: 'countersign.mcp', label: 'Countersign' }]);
    const closed = vscode.commands.executeCommand('workbench.mcp.listServer');
    await page.waitFor('.quick-input-list .monaco-list-row:has-text("Countersign")');
    await page.press('Escape');
    await closed;
  });

  it('starts as the editor would start it, and answers for the repository of the window', async () => {
    const { mcpServers } = await api();
    const [definition, ...more] = await mcpServers.definitions();
    assert.ok(definition && more.length === 0);
    assert.equal(definition.cwd?.fsPath, workspaceFolder().fsPath);
    const env = Object.entries({ ...process.env, ...definition.env }).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value)]],
    );
    const transport = new StdioClientTransport({
      command: definition.command,
      args: definition.args,
      cwd: definition.cwd.fsPath,
      env: Object.fromEntries(env),
    });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    try {
      assert.equal(client.getServerVersion()?.version, definition.version);
      const { structuredContent } = await client.callTool({ name: 'validation_needed', arguments: {} });
      assert.deepEqual(structuredContent, {
        schema: 'countersign/needs/1',
        pending: false,
        needs: [],
        reviewers: null,
      });
    } finally {
      await client.close();
    }
  });
});
