import path from 'node:path';
import type { Assistant, Installation, SettingsInstallation } from '../../../src/agents/assistant.ts';

/** An assistant that is nothing but its settings. */
export function assistantWith(hooks: Installation): Assistant {
  return { id: 'sample', title: 'Sample', normalise: () => ({ event: 'none' }), hooks };
}

const folder = (home: string): string => path.join(home, '.sample');

const items: SettingsInstallation['items'] = ({ sh }) =>
  ['Before', 'After'].map((event) => ({
    list: ['hooks', event],
    item: { matcher: 'Edit|Shell', hooks: [{ type: 'command', command: sh, timeout: 10 }] },
  }));

export const json = assistantWith({
  form: 'json',
  folder,
  file: (home) => path.join(folder(home), 'settings.json'),
  items,
  values: () => [{ key: ['tools', 'enableHooks'], value: true }],
});

export const toml = assistantWith({
  form: 'toml',
  folder,
  file: (home) => path.join(folder(home), 'config.toml'),
  items,
});

export const yaml = assistantWith({
  form: 'yaml',
  folder,
  file: (home) => path.join(folder(home), 'config.yml'),
  values: ({ sh }) => [
    { key: ['notify'], value: true },
    { key: ['notify-command'], value: sh },
  ],
});

export const files = assistantWith({
  form: 'files',
  folder,
  files: (home, _environment, { argv, sh }) => [
    {
      file: path.join(folder(home), 'plugins', 'countersign.js'),
      text: `// Countersign's: tells it what is written.\nrun(${JSON.stringify(argv)});\n`,
    },
    {
      file: path.join(folder(home), 'scripts', 'AfterEdit'),
      text: `#!/bin/sh\n# Countersign's: tells it what is written.\n${sh}\n`,
      executable: true,
    },
  ],
});

/** Where a sample keeps its settings, below the home. */
export const places = {
  json: '.sample/settings.json',
  toml: '.sample/config.toml',
  yaml: '.sample/config.yml',
} as const;
export const samples = { json, toml, yaml } as const;
export type Form = keyof typeof samples;
