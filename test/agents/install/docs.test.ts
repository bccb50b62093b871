import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Assistant } from '../../../src/agents/assistant.ts';
import { assistants } from '../../../src/agents/assistants.ts';
import { callOf } from '../../../src/agents/install/fireTestEvent.ts';
import { hookCommand, type User } from '../../../src/agents/install/hookCommand.ts';

const page = path.join(__dirname, '../../../docs/install.md');
const user: User = { home: '~', environment: {}, platform: 'linux' };
const shells: Readonly<Record<string, string>> = {
  sh: '`sh`',
  'powershell.exe': 'PowerShell',
  'cmd.exe': '`cmd.exe`',
};

/** A row of the table: where an assistant's hooks are, and what runs them on Windows. */
function row(assistant: Assistant): string {
  const { hooks, title, id } = assistant;
  if (!hooks) return '';
  const files =
    hooks.form === 'files'
      ? hooks.files(user.home, user.environment, hookCommand(assistant, user)).map(({ file }) => file)
      : [hooks, ...(hooks.alternative ? [hooks.alternative] : [])].map(({ file }) => file(user.home, user.environment));
  const [program] = callOf(assistant, { ...user, home: 'C:\\Users\\me', platform: 'win32' });
  const [first = ''] = files;
  const where =
    files.length > 2
      ? `\`${path.dirname(first)}/\`: ${files.map((file) => `\`${path.basename(file)}\``).join(', ')}`
      : files.map((file) => `\`${file}\``).join(' or ');
  const what = hooks.form === 'files' ? 'files of its own' : hooks.form.toUpperCase();
  return `| ${title} (\`${id}\`) | ${where} | ${what} | ${shells[program] ?? 'no shell'} |`;
}

describe('docs/install.md', () => {
  it('says what is written where, for each assistant that there is', () => {
    const rows = assistants.filter(({ hooks }) => hooks).map(row);
    const table = ['| Assistant | File | Form | On Windows |', '|---|---|---|---|', ...rows].join('\n');
    const [, written] = /<!-- assistants: .* -->\n([\s\S]*?)\n?<!-- end -->/.exec(readFileSync(page, 'utf8')) ?? [];
    assert.equal(written, table);
  });
});
