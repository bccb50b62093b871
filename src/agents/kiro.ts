import path from 'node:path';
import type { Environment } from './assistant.ts';
import { kiroFamily, toolMatcher, triggers, withProcess } from './kiroFamily.ts';

/** Kiro, its editor from version 1 and its command line from version 3 on: both read a folder of hook files. */
export const kiro = kiroFamily('kiro', 'Kiro', {
  form: 'files',
  refusalCode: 2,
  folder: kiroFolder,
  files: (home, environment, command) => {
    const hooks = triggers.map((trigger) => ({
      name: `Countersign ${trigger}`,
      trigger,
      ...(trigger.endsWith('ToolUse') && { matcher: toolMatcher }),
      action: { type: 'command', command: command.windows ? command.cmd : withProcess(command) },
      timeout: 10,
    }));
    const file = path.join(kiroFolder(home, environment), 'hooks', 'countersign.json');
    return [{ file, text: `${JSON.stringify({ version: 'v1', hooks }, null, 2)}\n` }];
  },
  remark: "Older versions have hooks in a workspace or in an agent's file only: see docs/assistants.md.",
});

function kiroFolder(home: string, environment: Environment): string {
  return environment['KIRO_HOME'] || path.join(home, '.kiro');
}
