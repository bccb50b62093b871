import { execute } from '../../../scripts/processes.ts';
import { workspaceFolder } from './editor.ts';

/** Runs git in the workspace, as in a terminal of this workbench, and gives back what it printed. */
export async function git(...args: string[]): Promise<string> {
  const { stdout } = await execute('git', args, { cwd: workspaceFolder().fsPath });
  return stdout.trimEnd();
}
