import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.ts';

/** The two versions of VS Code that the extension is tested on. */
export type HostName = 'oldest' | 'current';

export const hostNames: readonly HostName[] = ['oldest', 'current'];

/** code-server's releases carry the version of the VS Code inside: 4.N.P is VS Code 1.N.P. */
export const codeServerVersions: Readonly<Record<HostName, string>> = { oldest: '4.105.1', current: '4.139.1' };

/** The version of VS Code itself, as `vscode.version` gives it. */
export function vscodeVersion(host: HostName): string {
  return codeServerVersions[host].replace(/^4\./, '1.');
}

/** Rejects when "oldest" is no longer what `engines.vscode` promises: the promise has to be tested. */
export async function verifyOldest(): Promise<void> {
  const manifest = await readFile(path.join(root, 'package.json'), 'utf8');
  const [, promised] = /"vscode":\s*"\^(\d+\.\d+)\.0"/.exec(manifest) ?? [];
  const tested = vscodeVersion('oldest').replace(/\.\d+$/, '');
  if (promised !== tested) {
    throw new Error(
      `package.json promises VS Code ${promised ?? '(unreadable)'}, the oldest one tested is ${tested}: make engines.vscode and scripts/vscode-host/versions.ts agree.`,
    );
  }
}

/** The hosts that COUNTERSIGN_HOST asks for: one by name, or all. */
export function chosenHosts(choice = process.env['COUNTERSIGN_HOST']): readonly HostName[] {
  if (!choice) return hostNames;
  const chosen = hostNames.filter((name) => name === choice);
  if (chosen.length === 0) throw new Error(`COUNTERSIGN_HOST is "${choice}": it can be ${hostNames.join(' or ')}.`);
  return chosen;
}
