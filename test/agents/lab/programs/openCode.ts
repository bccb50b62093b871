import path from 'node:path';
import { patchTools } from '../patch.ts';
import { binary, type Program, platformPackage, type Tools } from '../program.ts';

export const openCode = program({
  assistant: 'opencode',
  title: 'OpenCode',
  package: platformPackage('opencode-'),
  version: '1.18.33',
  sdk: '@opencode-ai/plugin',
});

/** Kilo Code is a descendant of OpenCode. */
export const kilo = program({
  assistant: 'kilo',
  title: 'Kilo',
  package: platformPackage('@kilocode/cli-'),
  version: '7.7.7',
  sdk: '@kilocode/plugin',
});

export const openCodeGpt = withGpt(openCode);
export const kiloGpt = withGpt(kilo);

interface Facts {
  readonly assistant: 'opencode' | 'kilo';
  readonly title: string;
  readonly package: string;
  readonly version: string;
  /** What plugins may be written with. */
  readonly sdk: string;
}

function program({ sdk, ...facts }: Facts): Program {
  const name = facts.assistant;
  const variable = name.toUpperCase();
  return {
    ...facts,
    entry: `bin/${binary(name)}`,
    model: 'anthropic/claude-sonnet-4-5',
    reportedModel: 'claude-sonnet-4-5',
    env: ({ modelUrl }) => {
      const options = { baseURL: `${modelUrl}/v1`, apiKey: 'test-key' };
      const config = {
        autoupdate: false,
        share: 'disabled',
        permission: { '*': 'allow' },
        provider: { anthropic: { options }, openai: { options } },
      };
      return { [`${variable}_CONFIG_CONTENT`]: JSON.stringify(config), [`${variable}_DISABLE_MODELS_FETCH`]: '1' };
    },
    // Where there are plugins it fetches what they may be written with, and waits for it, unless a lock file has it.
    settings: () => ({
      [`.config/${name}/package-lock.json`]: JSON.stringify({ packages: { '': { dependencies: { [sdk]: '*' } } } }),
      [`.config/${name}/node_modules/.keep`]: '',
    }),
    args: ({ prompt, model }) => ['run', '--model', model, prompt],
    tools,
  };
}

/** Models of the GPT family are given another edit tool. */
function withGpt(base: Program): Program {
  return {
    ...base,
    variant: 'GPT model',
    model: 'openai/gpt-5.5',
    reportedModel: 'gpt-5.5',
    tools: (projectDir) => ({
      ...tools(projectDir),
      ...patchTools(
        (patch) => ({ tool: 'apply_patch', input: { patchText: patch } }),
        (file) => path.join(projectDir, file),
      ),
    }),
  };
}

function tools(projectDir: string): Tools {
  const absolute = (file: string): string => path.join(projectDir, file);
  return {
    read: (file) => ({ tool: 'read', input: { filePath: absolute(file) } }),
    create: (file, content) => ({ tool: 'write', input: { filePath: absolute(file), content } }),
    edit: ({ file, before, after }) => ({
      tool: 'edit',
      input: { filePath: absolute(file), oldString: before, newString: after },
    }),
    shell: (command) => ({ tool: 'bash', input: { command, description: 'Run a command' } }),
    delegate: (prompt) => ({ tool: 'task', input: { description: 'A task', prompt, subagent_type: 'general' } }),
  };
}
