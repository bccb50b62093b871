import path from 'node:path';
import type { Program } from '../program.ts';

const settingsFile = '.lab/continue.yaml';

/** It has no sub-agents, and fires no hook. */
export const continueCli: Program = {
  assistant: 'continue',
  title: 'Continue',
  package: '@continuedev/cli',
  version: '1.5.47',
  entry: 'dist/cn.js',
  model: 'claude-sonnet-4-5',
  env: () => ({ CONTINUE_TELEMETRY_ENABLED: '0' }),
  settings: ({ model, modelUrl }) => ({
    [settingsFile]: `name: lab
version: 1.0.0
schema: v1
models:
  - name: lab
    provider: anthropic
    model: ${model}
    apiBase: ${modelUrl}/v1/
    apiKey: test-key
    roles: [chat]
`,
  }),
  args: ({ prompt, home }) => ['--config', path.join(home, settingsFile), '--auto', '-p', prompt],
  tools: (projectDir) => {
    const absolute = (file: string): string => path.join(projectDir, file);
    return {
      read: (file) => ({ tool: 'Read', input: { filepath: absolute(file) } }),
      create: (file, content) => ({ tool: 'Write', input: { filepath: absolute(file), content } }),
      edit: ({ file, before, after }) => ({
        tool: 'MultiEdit',
        input: { file_path: absolute(file), edits: [{ old_string: before, new_string: after }] },
      }),
      shell: (command) => ({ tool: 'Bash', input: { command } }),
    };
  },
};
