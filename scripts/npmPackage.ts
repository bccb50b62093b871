import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from './paths.ts';
import { execute, isRunning } from './processes.ts';

/** Runs `npm ARGS` in `cwd` with install scripts off; rejects with npm's own words when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const [command, prefix] = npmCommand();
  // The npm that runs us hands its own settings down; a package of the cache is not part of this project.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_package_')));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await execute(command, [...prefix, ...args, ...flags], { cwd, env });
}

/** npm without a shell: its JavaScript entry, from the npm that started us or beside Node, else the program itself. */
function npmCommand(): [command: string, prefix: string[]] {
  const besideNode = path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  for (const entry of [process.env['npm_execpath'], besideNode]) {
    if (entry && /npm-cli\.c?js$/.test(entry) && existsSync(entry)) return [process.execPath, [entry]];
  }
  return ['npm', []];
}

const inFlight = new Map<string, Promise<void>>();

/**
 * Installs one pinned npm package, with its dependencies, into a folder of its own below the cache and returns the
 * package's folder. `prepare` may finish the installation. An interrupted install leaves nothing behind that a later
 * run would take for a whole one.
 */
export async function fetchPackage(
  name: string,
  version: string,
  prepare?: (packageDir: string) => Promise<void>,
): Promise<string> {
  const home = path.join(cacheDir, `${name.replace('/', '+')}@${version}`);
  let pending = inFlight.get(home);
  if (!pending && !existsSync(home)) {
    pending = install(home, name, version, prepare).finally(() => inFlight.delete(home));
    inFlight.set(home, pending);
  }
  await pending;
  return path.join(home, 'node_modules', name);
}

async function install(
  home: string,
  name: string,
  version: string,
  prepare: ((packageDir: string) => Promise<void>) | undefined,
): Promise<void> {
  const started = performance.now();
  process.stderr.write(`Fetching ${name}@${version} …\n`);
  await removeAbandoned(home);
  const partial = `${home}.${process.pid}.partial`;
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
  process.stderr.write(`Fetched ${name}@${version} in ${Math.round((performance.now() - started) / 1000)} s.\n`);
}

/** Removes what a killed process had installed in part: hundreds of megabytes that nobody else would clear away. */
async function removeAbandoned(home: string): Promise<void> {
  if (!existsSync(cacheDir)) return;
  for (const entry of await readdir(cacheDir)) {
    const [, owner] = /\.(\d+)\.partial$/.exec(entry) ?? [];
    if (owner === undefined || !entry.startsWith(`${path.basename(home)}.`)) continue;
    const pid = Number(owner);
    if (pid === process.pid || !isRunning(pid)) await rm(path.join(cacheDir, entry), { recursive: true, force: true });
  }
}
