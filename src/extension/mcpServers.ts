import * as vscode from 'vscode';
import { version } from '../version.ts';
import { Owner } from './lifecycle.ts';
import type { Places } from './places.ts';

/** The provider's id, as `package.json` contributes it. */
const providerId = 'countersign.mcp';

/** Offers assistants in the editor the command line's MCP server, one for each repository of the window. */
export class McpServers extends Owner {
  readonly #places: Places;
  readonly #program: string;

  /** @param program the command line */
  constructor(places: Places, program: string) {
    super();
    this.#places = places;
    this.#program = program;
    // A fork of VS Code may lack this part of its API.
    if (!('registerMcpServerDefinitionProvider' in vscode.lm)) return;
    const changed = this.own(new vscode.EventEmitter<void>());
    this.own(places.onDidOpen(() => changed.fire()));
    this.own(
      vscode.lm.registerMcpServerDefinitionProvider(providerId, {
        onDidChangeMcpServerDefinitions: changed.event,
        provideMcpServerDefinitions: () => this.definitions(),
      }),
    );
  }

  async definitions(): Promise<vscode.McpStdioServerDefinition[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    await Promise.all(folders.map(({ uri }) => this.#places.ofFolder(uri.fsPath)));
    const { all } = this.#places;
    return all.map(({ repository: { top } }) => {
      const name = all.length > 1 ? `Countersign (${vscode.workspace.asRelativePath(top, true)})` : 'Countersign';
      // The editor's own Node runs it, so nothing has to be installed.
      const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: null };
      const definition = new vscode.McpStdioServerDefinition(
        name,
        process.execPath,
        [this.#program, 'mcp'],
        env,
        version,
      );
      definition.cwd = vscode.Uri.file(top);
      return definition;
    });
  }
}
