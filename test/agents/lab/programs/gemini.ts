import path from 'node:path';
import type { Program } from '../program.ts';

export const gemini: Program = {
  assistant: 'gemini',
  title: 'Gemini CLI',
  package: '@google/gemini-cli',
  version: '0.61.0',
  entry: 'bundle/gemini.js',
  model: 'gemini-2.5-pro',
  // Its other way to a model elsewhere selects an authentication that it does not accept when it runs headless.
  env: ({ modelUrl }) => ({
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
    GOOGLE_VERTEX_BASE_URL: modelUrl,
    GOOGLE_API_KEY: 'test-key',
  }),
  args: ({ prompt, model }) => ['-p', prompt, '-m', model, '--approval-mode', 'yolo', '--skip-trust'],
  tools: (projectDir) => {
    const absolute = (file: string): string => path.join(projectDir, file);
    return {
      read: (file) => ({ tool: 'read_file', input: { file_path: absolute(file) } }),
      create: (file, content) => ({ tool: 'write_file', input: { file_path: absolute(file), content } }),
      edit: ({ file, before, after }) => ({
        tool: 'replace',
        input: {
          file_path: absolute(file),
          instruction: 'Change the line',
          old_string: before,
          new_string: after,
        },
      }),
      shell: (command) => ({ tool: 'run_shell_command', input: { command, description: 'Run a command' } }),
      delegate: (prompt) => ({ tool: 'invoke_agent', input: { agent_name: 'generalist', prompt } }),
    };
  },
};
