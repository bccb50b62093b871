import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lifetime } from './lifetime.ts';
import { root } from './paths.ts';
import { execute } from './processes.ts';
import { temporaryFolder } from './vscode-host/isolation.ts';

const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');

interface Manifest extends Record<string, unknown> {
  readonly name: string;
  readonly version: string;
}

export interface VsixOptions {
  /** The folder that the VSIX goes into. */
  readonly out: string;
  /** Without proposed API, which the marketplace does not take. */
  readonly marketplace: boolean;
}

/** Makes the VSIX of what stands in dist/ and gives back its path. What ships is what .vscodeignore lets through. */
export function makeVsix(lifetime: Lifetime, { out, marketplace }: VsixOptions): Promise<string> {
  return lifetime.during(async (own) => {
    const stage = await temporaryFolder(own, 'vsix');
    const { stdout } = await execute(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root });
    for (const file of stdout.split(/\r?\n/).filter(Boolean)) await cp(path.join(root, file), path.join(stage, file));
    const manifest: Manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    await writeFile(path.join(stage, 'package.json'), JSON.stringify(shipped(manifest, marketplace), null, 2));
    const vsix = path.join(out, `${manifest.name}-${manifest.version}${marketplace ? '-marketplace' : ''}.vsix`);
    await execute(process.execPath, [vsce, 'package', '--no-dependencies', '--out', vsix], { cwd: stage });
    return vsix;
  });
}

/** The manifest without what only concerns the development: everything the extension needs at run time is bundled. */
function shipped(manifest: Manifest, marketplace: boolean): Record<string, unknown> {
  const left = new Set(['private', 'scripts', 'dependencies', 'devDependencies', 'bin']);
  if (marketplace) left.add('enabledApiProposals');
  return Object.fromEntries(Object.entries(manifest).filter(([name]) => !left.has(name)));
}
