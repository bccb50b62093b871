import path from 'node:path';
import { patchTools } from '../patch.ts';
import type { Program, Tools } from '../program.ts';

export const copilot: Program = {
  assistant: 'copilot',
  title: 'GitHub Copilot',
  package: '@github/copilot',
  version: '1.0.102',
  entry: 'npm-loader.js',
  model: 'claude-sonnet-4.5',
  env: ({ modelUrl, model }) => ({
    COPILOT_PROVIDER_TYPE: 'anthropic',
    COPILOT_PROVIDER_BASE_URL: modelUrl,
    COPILOT_PROVIDER_API_KEY: 'test-key',
    COPILOT_MODEL: model,
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
  }),
  // It reads the hooks of a project in a trusted folder only.
  args: ({ prompt }) => ['-p', prompt, '--allow-all-tools', '--allow-all-paths', '--trust-folder'],
  tools,
};

/** Models of the GPT family are given another edit tool. */
export const copilotGpt: Program = {
  ...copilot,
  variant: 'GPT model',
  model: 'gpt-5.5',
  env: (run) => ({
    ...copilot.env(run),
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_BASE_URL: `${run.modelUrl}/v1`,
    COPILOT_PROVIDER_WIRE_API: 'responses',
  }),
  tools: (projectDir) => ({
    ...tools(projectDir),
    ...patchTools(
      (patch) => ({ tool: 'apply_patch', input: patch }),
      (file) => path.join(projectDir, file),
    ),
  }),
};

function tools(projectDir: string): Tools {
  const absolute = (file: string): string => path.join(projectDir, file);
  return {
    read: (file) => ({ tool: 'view', input: { path: absolute(file) } }),
    create: (file, text) => ({ tool: 'create', input: { path: absolute(file), file_text: text } }),
    edit: ({ file, before, after }) => ({
      tool: 'edit',
      input: { path: absolute(file), old_str: before, new_str: after },
    }),
    shell: (command) => ({ tool: 'bash', input: { command, description: 'Run a command' } }),
    delegate: (prompt) => ({
      tool: 'task',
      input: { name: 'note', description: 'A task', prompt, agent_type: 'general-purpose', mode: 'sync' },
    }),
  };
}
