import path from 'node:path';
import { patchTools } from '../patch.ts';
import { binary, type Program, platformPackage, type Tools } from '../program.ts';

export const cline: Program = {
  assistant: 'cline',
  title: 'Cline',
  package: platformPackage('@cline/cli-'),
  version: '3.0.65',
  entry: `bin/${binary('cline')}`,
  model: 'claude-sonnet-4-5',
  // Without it a server on a fixed port is started, and stays.
  env: () => ({ CLINE_SESSION_BACKEND_MODE: 'local', CLINE_NO_AUTO_UPDATE: '1' }),
  settings: ({ model, modelUrl }) => {
    const provider = 'openai-compatible';
    const settings = { provider, apiKey: 'test-key', model, baseUrl: `${modelUrl}/v1` };
    const known = { settings, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' };
    return {
      '.cline/data/settings/providers.json': JSON.stringify({
        version: 1,
        lastUsedProvider: provider,
        modes: {},
        providers: { [provider]: known },
      }),
      // It would wait for a server to which it tells how it is used.
      '.cline/data/settings/global-settings.json': JSON.stringify({ telemetryOptOut: true }),
    };
  },
  // A prompt of one word would be taken for a command.
  args: ({ prompt, projectDir }) => ['--cwd', projectDir, prompt],
  tools,
};

/** Models of the GPT family are given another edit tool, but not their sub-agents. */
export const clineGpt: Program = {
  ...cline,
  variant: 'GPT model',
  model: 'gpt-5.5',
  tools: (projectDir) => ({
    ...tools(projectDir),
    ...patchTools(
      (patch) => ({ tool: 'apply_patch', input: { input: patch } }),
      (file) => path.join(projectDir, file),
    ),
    createInSubAgent: tools(projectDir).create,
  }),
};

function tools(projectDir: string): Tools {
  const absolute = (file: string): string => path.join(projectDir, file);
  return {
    read: (file) => ({ tool: 'read_files', input: { files: [{ path: absolute(file) }] } }),
    create: (file, text) => ({ tool: 'editor', input: { path: absolute(file), new_text: text } }),
    edit: ({ file, before, after }) => ({
      tool: 'editor',
      input: { path: absolute(file), old_text: before, new_text: after },
    }),
    shell: (command) => ({ tool: 'run_commands', input: { commands: [command] } }),
    delegate: (task) => ({ tool: 'spawn_agent', input: { systemPrompt: 'You write notes.', task } }),
  };
}
