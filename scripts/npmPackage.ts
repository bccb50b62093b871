import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Everything that is fetched on demand, never an ordinary dependency, lives here (not in git). */
export const cacheDir = path.join(import.meta.dirname ?? __dirname, '..', '.vscode-test');

/** Runs `npm ARGS` in `cwd` with install scripts off; rejects with npm's own words when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const [command, prefix] = npmCommand();
  const child = spawn(command, [...prefix, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    // The npm that runs us hands its own settings down; a package of the cache is not part of this project.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_package_'))),
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed with exit code ${code}:\n${stderr}`);
}

/** npm without a shell: its JavaScript entry when npm started us, else the program on the path. */
function npmCommand(): [string, string[]] {
  const entry = process.env['npm_execpath'];
  if (entry?.endsWith('.js')) return [process.execPath, [entry]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}

/**
 * Installs one pinned npm package, with its dependencies, into a folder of its own below the cache and returns the
 * package's folder. An interrupted install leaves nothing behind that a later run would take for a whole one.
 */
export async function fetchPackage(
  name: string,
  version: string,
  prepare?: (packageDir: string) => Promise<void>,
): Promise<string> {
  const home = path.join(cacheDir, `${name.replace('/', '+')}@${version}`);
  const packageDir = path.join(home, 'node_modules', name);
  if (existsSync(home)) return packageDir;
  process.stderr.write(`Fetching ${name}@${version} …\n`);
  const partial = `${home}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeFile(path.join(partial, 'package.json'), '{"private":true}\n');
  try {
    await npm(['install', '--omit=dev', `${name}@${version}`], partial);
    await prepare?.(path.join(partial, 'node_modules', name));
    await rename(partial, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error; // another process was first: its copy serves
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return packageDir;
}
