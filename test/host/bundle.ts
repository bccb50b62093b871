import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { cacheDir } from '../../scripts/paths.ts';
import { testFiles } from '../../scripts/testFiles.ts';
import { temporaryFolder } from '../../scripts/vscode-host/isolation.ts';

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

/**
 * Bundles all that runs inside the extension host, into a folder of this run alone. Packages stay outside: they are found
 * from the cache as from here.
 */
export async function bundleSuites(lifetime: Lifetime): Promise<Bundle> {
  await mkdir(cacheDir, { recursive: true });
  const outdir = await temporaryFolder(lifetime, 'suites', cacheDir);
  const bundled = (source: string): string =>
    path.join(outdir, path.relative(__dirname, source).replace(/\.ts$/, '.js'));
  const entry = path.join(__dirname, 'index.ts');
  const completions = path.join(__dirname, 'completions');
  const [suite, afterReload, installed, marketplace] = await Promise.all([
    testFiles(path.join(__dirname, 'suite')),
    testFiles(path.join(__dirname, 'after-reload')),
    testFiles(path.join(__dirname, 'installed')),
    testFiles(path.join(__dirname, 'marketplace')),
  ]);
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
    sourcemap: 'linked',
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
