import path from 'node:path';
import { kiroFamily, triggers, withProcess } from './kiroFamily.ts';

/**
 * Amazon Q Developer's command line. Its hooks belong to an agent, and its default agent has no file: ours is that agent,
 * as it is documented, with the hooks. Nobody works with it who has not chosen it.
 */
export const amazonQ = kiroFamily('amazon-q', 'Amazon Q Developer', {
  form: 'files',
  refusalCode: 2,
  folder: (home) => path.join(home, '.aws', 'amazonq'),
  files: (home, _environment, command) => {
    const entry = { command: withProcess(command), timeout_ms: 10_000 };
    const matchers = ['fs_write', 'execute_bash'];
    const hooks = Object.fromEntries(
      triggers.map((trigger) => [
        trigger.charAt(0).toLowerCase() + trigger.slice(1),
        trigger.endsWith('ToolUse') ? matchers.map((matcher) => ({ matcher, ...entry })) : [entry],
      ]),
    );
    const agent = {
      name: 'countersign',
      description: 'The default agent, which also tells Countersign what it writes and runs',
      tools: ['*'],
      allowedTools: ['fs_read'],
      resources: ['file://AmazonQ.md', 'file://README.md', 'file://.amazonq/rules/**/*.md'],
      hooks,
      useLegacyMcpJson: true,
    };
    const file = path.join(home, '.aws', 'amazonq', 'cli-agents', 'countersign.json');
    return [{ file, text: `${JSON.stringify(agent, null, 2)}\n` }];
  },
  remark:
    'Choose the agent: q settings chat.defaultAgent countersign. Or copy the "hooks" of cli-agents/countersign.json into your own agent.',
});
