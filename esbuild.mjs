// The two bundles that ship: the extension and the command line, from one source tree.
//   node esbuild.mjs            production
//   node esbuild.mjs --watch    rebuilds on change, with source maps
import { chmod } from 'node:fs/promises';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: { extension: 'src/extension/extension.ts', cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // ES modules first: what is not used is left out, and UMD wrappers hide their imports from the bundler.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: !watch,
  sourcemap: watch,
  legalComments: 'linked',
  logLevel: 'warning',
  banner: { js: '#!/usr/bin/env node' },
};

if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
  await chmod('dist/cli.js', 0o755);
}
