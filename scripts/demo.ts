import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execute } from './processes.ts';

const files: Readonly<Record<string, string>> = {
  'README.md': `# Cart

The shopping cart of a small shop.
`,
  'src/cart.ts': `import type { Product } from './product.ts';

export interface Line {
  readonly product: Product;
  readonly quantity: number;
}

/** What the customer pays, in cents. */
export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}
`,
  'src/product.ts': `export interface Product {
  readonly id: string;
  readonly name: string;
  /** In cents. */
  readonly price: number;
}
`,
  'test/cart.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.ts';

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});
`,
};

/** Makes the repository that the workbench shows to a newcomer. */
export async function makeDemo(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]): Promise<unknown> => execute('git', args, { cwd: folder, env });
  await git('init', '--quiet');
  await git('config', 'user.name', 'Ada Demo');
  await git('config', 'user.email', 'ada@example.com');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A cart that adds up');
}
