import path from 'node:path';
import type { Program } from '../program.ts';

export const qwen: Program = {
  assistant: 'qwen',
  title: 'Qwen Code',
  package: '@qwen-code/qwen-code',
  version: '0.24.4',
  entry: 'cli-entry.js',
  model: 'qwen3-coder-plus',
  env: ({ modelUrl }) => ({ OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: `${modelUrl}/v1` }),
  args: ({ prompt, model }) => ['--auth-type', 'openai', '-m', model, '--approval-mode', 'yolo', prompt],
  tools: (projectDir) => {
    const absolute = (file: string): string => path.join(projectDir, file);
    return {
      read: (file) => ({ tool: 'read_file', input: { file_path: absolute(file) } }),
      create: (file, content) => ({ tool: 'write_file', input: { file_path: absolute(file), content } }),
      edit: ({ file, before, after }) => ({
        tool: 'edit',
        input: { file_path: absolute(file), old_string: before, new_string: after },
      }),
      shell: (command) => ({
        tool: 'run_shell_command',
        input: { command, description: 'Run a command', is_background: false },
      }),
      delegate: (prompt) => ({
        tool: 'agent',
        input: { description: 'A task', prompt, subagent_type: 'general-purpose' },
      }),
    };
  },
};
