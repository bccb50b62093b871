import type { ToolCall } from '../dialect.ts';
import { patchTools } from '../patch.ts';
import type { Program } from '../program.ts';

export const codex: Program = {
  assistant: 'codex',
  title: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  entry: 'bin/codex.js',
  model: 'gpt-5.5',
  env: () => ({ MOCK_KEY: 'test-key' }),
  // It skips hooks that no person has looked through, without a word; here we vouch for ours.
  args: ({ prompt, model, modelUrl }) => [
    ...['exec', '--dangerously-bypass-approvals-and-sandbox', '--dangerously-bypass-hook-trust'],
    ...['-m', model, '-c', 'model_provider="mock"'],
    '-c',
    `model_providers.mock={name="mock",base_url="${modelUrl}/v1",wire_api="responses",env_key="MOCK_KEY"}`,
    prompt,
  ],
  tools: () => ({
    ...patchTools((patch) => ({ tool: 'apply_patch', input: patch })),
    shell: (cmd) => ({ tool: 'exec_command', input: { cmd } }),
    delegate: (message) => ({ tool: 'spawn_agent', namespace: 'multi_agent_v1', input: { message } }),
  }),
};

/** With newer models there is one tool, whose JavaScript calls the others; hooks fire for the inner calls. */
export const codexCode: Program = {
  ...codex,
  variant: 'code mode',
  model: 'gpt-6-sol',
  tools: () => ({
    ...patchTools((patch) => script('apply_patch', patch)),
    shell: (cmd) => script('exec_command', { cmd }),
    delegate: (message) => ({
      tool: 'spawn_agent',
      namespace: 'collaboration',
      input: { task_name: 'note', message, fork_turns: 'none' },
    }),
  }),
};

function script(tool: string, input: unknown): ToolCall {
  return { tool: 'exec', input: `text(await tools.${tool}(${JSON.stringify(input)}))` };
}
