import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execute } from '../../scripts/processes.ts';

const files: Readonly<Record<string, string>> = {
  'README.md': '# Greetings\n\nSays hello.\n',
  'src/greeting.ts': `/** Says hello. */
export function greet(name: string): string {
  return 'Hello, ' + name + '!';
}
`,
};

/** Makes the repository that a session opens: a few files in one commit, made by somebody who is in its settings only. */
export async function makeWorkspace(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]): Promise<unknown> => execute('git', args, { cwd: folder, env });
  await git('init', '--quiet');
  await git('config', 'user.name', 'Ada Tester');
  await git('config', 'user.email', 'ada@example.com');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Say hello');
}
