import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const source = path.join(__dirname, '../../src');

/** From the ground up: a file may import from its own folder and from those before it, never from one behind. */
const layers = ['core', 'shared', 'git', 'ledger', 'agents', 'change', 'mcp', 'cli', 'extension'];
/** Of two that stand side by side neither imports the other. */
const apart = [
  ['git', 'ledger'],
  ['ledger', 'agents'],
  ['git', 'agents'],
  ['cli', 'extension'],
  ['mcp', 'extension'],
];
const forbiddenInCore = [
  'vscode',
  'node:fs',
  'node:fs/promises',
  'node:child_process',
  'node:os',
  'node:net',
  'node:http',
];

/** Files at the top of `src` serve every layer above `core`. */
function layerOf(file: string): string {
  const relative = path.relative(source, file).split(path.sep);
  return relative.length === 1 ? 'shared' : (relative[0] as string);
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'|(?:^|\n)import\s+'([^']+)'|require\(\s*'([^']+)'/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4]) as string);
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => path.join(source, file));

describe('layers', () => {
  it('finds the imports it is about', () => {
    assert.ok(files.length > 30);
    assert.ok(imports(path.join(source, 'extension/extension.ts')).includes('vscode'));
  });

  it('every folder of src has its place', () => {
    assert.deepEqual(
      [...new Set(files.map(layerOf))].filter((layer) => !layers.includes(layer)),
      [],
    );
  });

  it('no arrow points up or sideways', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = layerOf(file);
      for (const target of imports(file).filter((specifier) => specifier.startsWith('.'))) {
        const to = layerOf(path.resolve(path.dirname(file), target));
        const up = layers.indexOf(to) > layers.indexOf(from);
        const sideways = apart.some((pair) => pair.includes(from) && pair.includes(to) && from !== to);
        if (target.endsWith('package.json') ? from !== 'shared' : up || sideways)
          wrong.push(`${path.relative(source, file)} → ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('core is pure', () => {
    const wrong = files
      .filter((file) => layerOf(file) === 'core')
      .flatMap((file) =>
        imports(file)
          .filter((name) => forbiddenInCore.includes(name))
          .map((name) => `${path.relative(source, file)} → ${name}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('only the extension knows vscode', () => {
    const wrong = files.filter((file) => layerOf(file) !== 'extension' && imports(file).includes('vscode'));
    assert.deepEqual(wrong, []);
  });
});
