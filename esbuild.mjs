// The bundles that ship, from one source tree: the extension, and the command line, which loads one of two others.
//   node esbuild.mjs            production
//   node esbuild.mjs --watch    rebuilds on change, with source maps
import { chmod } from 'node:fs/promises';
import * as esbuild from 'esbuild';

/** Bundles that the command line loads when it knows which one it needs. */
const late = { hook: 'src/cli/hook.ts', commands: 'src/cli/commands.ts' };

/** @type {import('esbuild').Plugin} */
const lateBundles = {
  name: 'late bundles',
  setup(build) {
    build.onResolve({ filter: /^\.\/(hook|commands)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.js'), external: true } : undefined,
    );
  },
};

const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: { extension: 'src/extension/extension.ts', cli: 'src/cli/main.ts', ...late },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // What is imported late becomes a late `require`: Node's loader of ES modules would cost more than lateness saves.
  supported: { 'dynamic-import': false },
  // ES modules first: what is not used is left out, and UMD wrappers hide their imports from the bundler.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  plugins: [lateBundles],
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
