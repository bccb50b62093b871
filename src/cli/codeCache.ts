import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/** What a process ends with that was called wrongly. */
const usageExitCode = 2;

const loaded = new Map<string, { exports: unknown }>();

/**
 * Loads a bundle, and those that it loads in turn, with what V8 made of it before: an assistant, and git, wait for their
 * hooks, and compiling is a third of what a hook does. It is kept beside the program; where it cannot be, or was made by another
 * Node, the program is compiled. Node has such a cache of its own, but only from 22.8 on.
 *
 * @param file absolute; a CommonJS bundle of our own
 * @param purpose what the program is called for: each has its own, for V8 keeps the functions that were called, and one command
 *   calls others than the next
 * @returns what it exports
 */
export function loadBundle(file: string, purpose: string): unknown {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const folder = path.dirname(file);
  const requireOther = createRequire(file);
  const require = (name: string): unknown =>
    name.startsWith('./') ? loadBundle(path.join(folder, name), purpose) : requireOther(name);
  compile(file, purpose).runInThisContext()(module.exports, require, module, file, folder);
  return module.exports;
}

function compile(file: string, purpose: string): Script {
  // V8 itself looks at its own version and flags, but of a source only at the length.
  const { size, mtimeMs } = statSync(file);
  const name = `${path.basename(file)}-${purpose}-${process.version}-${process.arch}-${size}-${mtimeMs}`;
  const cache = path.join(path.dirname(file), 'cache', name);
  const cachedData = readIfThere(cache);
  const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: file, ...(cachedData && { cachedData }) });
  if (!cachedData || script.cachedDataRejected === true) {
    process.once('exit', (code) => {
      // At the end it has the functions that were called, too. With a wrong call none were that matter.
      if (code !== usageExitCode) keep(cache, script);
    });
  }
  return script;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // the first time, or nobody may write there
  }
}

function keep(cache: string, script: Script): void {
  const partial = `${cache}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(cache), { recursive: true, mode: 0o700 });
    writeFileSync(partial, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    renameSync(partial, cache);
  } catch {
    // A folder that cannot be written is no fault of the hook's: the next one compiles again.
  }
}
