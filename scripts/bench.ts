import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';
import type { Figure } from '../test/bench/figure.ts';
import { build } from './build.ts';
import { runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { temporaryFolder } from './vscode-host/isolation.ts';

// npm run bench [-- NAME...]: measures all modules of test/bench, or the named ones, and prints their figures. A report: a
// limit that does not hold is said, and is no failure.

/** Modules of test/bench, each with a function `measure`. */
const modules = [
  'edit',
  'carry',
  'growth',
  'serialisation',
  'hook',
  'hooks',
  'rebase',
  'blame',
  'verify',
  'commands',
  'index',
  'risk',
];

interface Bench {
  measure(): Promise<Figure[]>;
}

runScript(async (lifetime) => {
  process.chdir(root);
  const chosen = choose(process.argv.slice(2));
  await build();
  const folder = await temporaryFolder(lifetime, 'bench');
  await bundle({ ...bundling, entryPoints: chosen.map((name) => `test/bench/${name}.ts`), outdir: folder });
  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
  for (const name of chosen) {
    const { measure }: Bench = require(path.join(folder, `${name}.js`));
    process.stdout.write(`\n${name}\n${table(await measure())}`);
  }
});

function choose(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !modules.includes(name));
  if (unknown !== undefined) throw new Error(`There is no module ${unknown}: there are ${modules.join(', ')}.`);
  return names.length === 0 ? modules : names;
}

/** In a bundle `__dirname` would be the bundle's folder. */
const ownFolders: Plugin = {
  name: 'own-folders',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      return { loader: 'ts', contents: source.replaceAll('__dirname', JSON.stringify(path.dirname(file))) };
    });
  },
};

/** As in esbuild.mjs: what is measured is what ships. */
const bundling: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  plugins: [ownFolders],
};

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, limit, noise, remark }) => {
    const verdict = limit === undefined ? '' : value <= limit ? 'holds' : 'MISSED';
    const bound = limit === undefined ? '' : `≤ ${quantity(limit, unit)}`;
    return [name, quantity(value, unit), bound, verdict, [noise, remark].filter(Boolean).join('; ')];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function quantity(value: number, unit: Figure['unit']): string {
  const number = value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);
  return unit === 'x' ? `${number} ×` : `${number} ${unit}`;
}
