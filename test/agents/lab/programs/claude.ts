import path from 'node:path';
import type { Program } from '../program.ts';

export const claude: Program = {
  assistant: 'claude',
  title: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  entry: 'cli-wrapper.cjs',
  model: 'claude-sonnet-4-5',
  env: ({ modelUrl }) => ({
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: 'test-key',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }),
  // Root may not skip the permissions altogether, so the tools are allowed by name.
  args: ({ prompt, model }) => [
    ...['-p', prompt, '--model', model],
    ...['--permission-mode', 'acceptEdits', '--allowedTools', 'Bash', 'Agent'],
  ],
  tools: (projectDir) => {
    const absolute = (file: string): string => path.join(projectDir, file);
    return {
      read: (file) => ({ tool: 'Read', input: { file_path: absolute(file) } }),
      create: (file, content) => ({ tool: 'Write', input: { file_path: absolute(file), content } }),
      edit: ({ file, before, after }) => ({
        tool: 'Edit',
        input: { file_path: absolute(file), old_string: before, new_string: after },
      }),
      shell: (command) => ({ tool: 'Bash', input: { command, description: 'Run a command' } }),
      delegate: (prompt) => ({
        tool: 'Agent',
        input: { description: 'A task', prompt, subagent_type: 'general-purpose', run_in_background: false },
      }),
    };
  },
};
