import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { cacheDir } from '../../scripts/paths.ts';
import { testFiles } from '../../scripts/testFiles.ts';

/** The suites as the extension host can load them: it knows neither TypeScript nor our imports. */
export interface Bundle {
  /** The module whose `run` the extension host calls. */
  readonly entry: string;
  /** The test extension that offers inline completions. */
  readonly completions: string;
  /** The tests of the extension as it is developed, and those of what it has kept when the window is loaded anew. */
  readonly suite: readonly string[];
  readonly afterReload: readonly string[];
  /** The tests of the installed VSIX, and of the one that has to do without proposed API. */
  readonly installed: readonly string[];
  readonly marketplace: readonly string[];
}

const outdir = path.join(cacheDir, 'out');

/** Bundles all that runs inside the extension host. Packages stay outside: they are found from the cache as from here. */
export async function bundleSuites(): Promise<Bundle> {
  const entry = path.join(__dirname, 'index.ts');
  const completions = path.join(__dirname, 'completions');
  const [suite, afterReload, installed, marketplace] = await Promise.all([
    testFiles(path.join(__dirname, 'suite')),
    testFiles(path.join(__dirname, 'after-reload')),
    testFiles(path.join(__dirname, 'installed')),
    testFiles(path.join(__dirname, 'marketplace')),
  ]);
  await rm(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [
      entry,
      path.join(completions, 'extension.ts'),
      ...suite,
      ...afterReload,
      ...installed,
      ...marketplace,
    ],
    outbase: __dirname,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  await copyFile(path.join(completions, 'package.json'), path.join(bundled(completions), 'package.json'));
  return {
    entry: bundled(entry),
    completions: bundled(completions),
    suite: suite.map(bundled),
    afterReload: afterReload.map(bundled),
    installed: installed.map(bundled),
    marketplace: marketplace.map(bundled),
  };
}

/** Where the bundle of a file of this folder, or the counterpart of a folder in it, is. */
function bundled(source: string): string {
  return path.join(outdir, path.relative(__dirname, source).replace(/\.ts$/, '.js'));
}
