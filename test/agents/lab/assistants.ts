import assert from 'node:assert/strict';
import path from 'node:path';
import { nodeRuntime } from '../../../scripts/nodeRuntime.ts';
import { fetchPackage } from '../../../scripts/npmPackage.ts';
import { execute } from '../../../scripts/processes.ts';
import { type Finished, runProgram } from '../../support/program.ts';
import type { ToolCall } from './dialect.ts';
import { type MockModel, type ModelRequest, type Step, startMockModel } from './mockModel.ts';

/** The same acts in each assistant's own tools. Paths are relative to the project. */
export interface Tools {
  /** Where an assistant insists on having read a file before it edits it. */
  readonly read?: (file: string) => ToolCall;
  readonly create: (file: string, text: string) => ToolCall;
  /** Replaces whole lines. */
  readonly edit: (file: string, before: string, after: string) => ToolCall;
  readonly shell: (command: string) => ToolCall;
  /** Hands the task to a sub-agent, which may run beside its parent. */
  readonly delegate: (task: string) => ToolCall;
}

/** How one assistant is fetched and run headless against a model of ours. */
interface Assistant {
  /** Its name in a commit. */
  readonly title: string;
  readonly package: string;
  readonly version: string;
  /** The script that starts it, in its package; install scripts are off, so not always the one its `bin` names. */
  readonly entry: string;
  readonly model: string;
  readonly env: (modelUrl: string) => NodeJS.ProcessEnv;
  readonly args: (run: { prompt: string; model: string; modelUrl: string }) => readonly string[];
  readonly tools: (projectDir: string) => Tools;
}

export const assistants = {
  claude: {
    title: 'Claude Code',
    package: '@anthropic-ai/claude-code',
    version: '2.1.330',
    entry: 'cli-wrapper.cjs',
    model: 'claude-sonnet-4-5',
    env: (modelUrl) => ({
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
        edit: (file, before, after) => ({
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
  },

  codex: {
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
      create: (file, text) => patch(`*** Add File: ${file}`, marked('+', text)),
      edit: (file, before, after) => patch(`*** Update File: ${file}`, '@@', marked('-', before), marked('+', after)),
      shell: (cmd) => ({ tool: 'exec_command', input: { cmd } }),
      delegate: (message) => ({ tool: 'spawn_agent', namespace: 'multi_agent_v1', input: { message } }),
    }),
  },
} as const satisfies Record<string, Assistant>;

export type AssistantName = keyof typeof assistants;

export const assistantNames = Object.keys(assistants).filter(isAssistantName);

export function isAssistantName(name: string): name is AssistantName {
  return Object.hasOwn(assistants, name);
}

/** A call of Codex's patch tool. */
function patch(...lines: readonly string[]): ToolCall {
  return { tool: 'apply_patch', input: ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n') };
}

const marked = (mark: string, text: string): string => text.replace(/\n$/, '').replace(/^/gm, mark);

/** Fetches the pinned package unless the cache has it; gives back the command that starts it. */
export async function fetchAssistant(name: AssistantName): Promise<readonly [node: string, entry: string]> {
  const { package: packageName, version, entry }: Assistant = assistants[name];
  const node = await nodeRuntime();
  const packageDir = await fetchPackage(packageName, version, async (dir) => {
    // The program proper is an optional dependency, which npm leaves out in silence when it cannot have it.
    await execute(node, [path.join(dir, entry), '--version'], { env: { PATH: process.env['PATH'], HOME: dir } });
  });
  return [node, path.join(packageDir, entry)];
}

/** Why a package could not be fetched, where it is for want of a registry and so no fault of the project's. */
export function unreachable(error: unknown): string | undefined {
  const codes =
    /\b(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ERR_SOCKET_TIMEOUT|ETIMEDOUT)\b/;
  return error instanceof Error ? codes.exec(error.message)?.[0] : undefined;
}

export interface Run {
  /** The repository to work in. */
  readonly cwd: string;
  /** All that the assistant is told of the machine; its HOME holds the hooks. */
  readonly env: NodeJS.ProcessEnv;
  readonly steps: readonly Step[];
  readonly prompt: string;
  readonly timeoutMs?: number;
}

/**
 * Runs one assistant, headless, through the scripted steps. Resolves with what its model was asked when it has ended
 * well and used up the script; anything else is an error with its own words.
 */
export async function runAssistant(name: AssistantName, run: Run): Promise<readonly ModelRequest[]> {
  const assistant: Assistant = assistants[name];
  const [node, entry] = await fetchAssistant(name);
  const model = await startMockModel(run.steps);
  try {
    const args = assistant.args({ prompt: run.prompt, model: assistant.model, modelUrl: model.url });
    const finished = await runProgram(node, [entry, ...args], {
      cwd: run.cwd,
      env: { ...run.env, ...assistant.env(model.url) },
      timeoutMs: run.timeoutMs ?? 120_000,
    });
    check(assistant, run.steps, model, finished);
    return model.requests;
  } finally {
    await model.close();
  }
}

function check(assistant: Assistant, steps: readonly Step[], model: MockModel, finished: Finished): void {
  const words = `${finished.stdout}\n${finished.stderr}`;
  assert.deepEqual(model.failures, [], `the mock model failed: ${words}`);
  assert.ok(!finished.timedOut, `${assistant.title} did not end in time: ${words}`);
  assert.equal(finished.code, 0, `${assistant.title} failed: ${words}`);
  const used = model.requests.flatMap(({ step }) => step ?? []).sort((a, b) => a - b);
  assert.deepEqual(used, [...steps.keys()], `${assistant.title} did not go through the script: ${words}`);
}
