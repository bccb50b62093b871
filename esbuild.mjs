// The bundles that ship, from one source tree: the extension and what works beside it, the command line's start, its
// main program, those of git's hooks and of risk and status, and what these load late: the other commands, what tells the
// classes of commands, and the rules on content.
//   node esbuild.mjs            production
//   node esbuild.mjs --watch    rebuilds on change, with source maps
import { chmod, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');

/** Modules that are bundles of their own, by how others import them. */
const ownBundle = (build, filter) => {
  build.onResolve({ filter }, ({ path }) => ({ path: `./${basename(path, '.ts')}.js`, external: true }));
};

/** @type {import('esbuild').Plugin} */
const lateBundles = {
  name: 'bundles that are loaded late',
  setup(build) {
    ownBundle(build, /^(?:\.|\.\.\/\.\.\/change)\/(?:classifier|policyText|contentRules)\.ts$/);
  },
};

/** @type {import('esbuild').Plugin} */
const ownBundles = {
  name: 'bundles of their own',
  setup(build) {
    ownBundle(build, /^\.\/(main|commands|gitMain|shellReports|classifier|policyText|contentRules)\.ts$/);
    build.onResolve({ filter: /^\.\.\/mcp\/server\.ts$/ }, () => ({ path: './mcp.js', external: true }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
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
  minify: !watch,
  sourcemap: watch,
  legalComments: 'linked',
  logLevel: 'warning',
  banner: { js: '#!/usr/bin/env node' },
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...common,
    entryPoints: {
      extension: 'src/extension/extension.ts',
      pendingThread: 'src/extension/pending/thread.ts',
      historyProcess: 'src/extension/history/process.ts',
    },
    plugins: [lateBundles],
  },
  {
    ...common,
    entryPoints: {
      cli: 'src/cli/start.ts',
      main: 'src/cli/main.ts',
      gitMain: 'src/cli/gitMain.ts',
      judgeMain: 'src/cli/judgeMain.ts',
      shellReports: 'src/cli/shellReports.ts',
      commands: 'src/cli/commands.ts',
      classifier: 'src/change/classifier.ts',
      policyText: 'src/change/policyText.ts',
      contentRules: 'src/change/contentRules.ts',
      mcp: 'src/mcp/server.ts',
    },
    plugins: [ownBundles],
  },
];

if (watch) {
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
} else {
  await rm('dist', { recursive: true, force: true });
  await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  await chmod('dist/cli.js', 0o755);
}
