import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { simpleGit } from 'simple-git';
import { root } from './paths.ts';
import { executeWithInput } from './processes.ts';

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

const discount = `import type { Line } from './cart.ts';

/** Percent off, from a number of pieces on. */
export interface Discount {
  readonly from: number;
  readonly percent: number;
}

/** The best discount that a line gets, in cents. */
export function discountOf({ product, quantity }: Line, discounts: readonly Discount[]): number {
  const best = Math.max(0, ...discounts.filter(({ from }) => quantity >= from).map(({ percent }) => percent));
  return Math.round((product.price * quantity * best) / 100);
}
`;

/**
 * Makes the repository that the workbench shows to a newcomer: a commit, and on top of it a pending change that an
 * assistant, a person, an inline completion and somebody unknown had a part in, each reported as it would be at work.
 * The git hooks are set, so that a commit gets its trailers.
 */
export async function makeDemo(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  const git = simpleGit(folder, { allowEnvironment: gitVariables }).env(gitEnvironment(env));
  await git.init(['--quiet']);
  await git.addConfig('user.name', 'Ada Demo');
  await git.addConfig('user.email', 'ada@example.com');
  for (const [name, text] of Object.entries(files)) await write(folder, name, text);
  await git.add('.');
  await git.commit('A cart that adds up');

  await countersign(folder, env, ['install', '--git']);
  await assistantSession(folder, env);
  await personTypes(folder, env, 'test/cart.test.ts', (text) =>
    text.replace(/\n$/, "\n\ntest('ten of a kind cost less', () => {\n  // with the discount of the assistant\n});\n"),
  );
  await completionAccepted(folder, env, 'src/product.ts', (text) =>
    text.replace(
      /\n$/,
      '\n\nexport function formatPrice({ price }: Product): string {\n  return (price / 100).toFixed(2);\n}\n',
    ),
  );
  // Nobody says who did this.
  await change(folder, 'README.md', (text) => `${text}\nPrices are in cents.\n`);
}

/** What git takes from the environment here; simple-git refuses others that could make git run programs. */
const gitVariables = ['PATH', 'HOME', 'USERPROFILE', 'GIT_CONFIG_NOSYSTEM'];

function gitEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(gitVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

type Edit = (text: string) => string;

async function write(folder: string, name: string, text: string): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function change(folder: string, name: string, edit: Edit): Promise<void> {
  await write(folder, name, edit(await readFile(path.join(folder, name), 'utf8')));
}

async function countersign(folder: string, env: NodeJS.ProcessEnv, args: readonly string[], input = ''): Promise<void> {
  const program = path.join(root, 'dist', 'cli.js');
  const { stderr } = await executeWithInput(process.execPath, [program, ...args], { cwd: folder, env }, input);
  if (stderr !== '') throw new Error(stderr);
}

/** What Claude Code's hooks send for a file it makes, an edit and a shell command. */
async function assistantSession(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const transcript = path.join(path.dirname(folder), 'demo-transcript.jsonl');
  await writeFile(transcript, `${JSON.stringify({ type: 'assistant', message: { model: 'claude-opus-4-5' } })}\n`);
  const common = { session_id: 'demo-session', cwd: folder, transcript_path: transcript };
  let calls = 0;
  const call = async (tool: string, input: object, work: () => Promise<object>): Promise<void> => {
    const payload = { ...common, tool_name: tool, tool_input: input, tool_use_id: `toolu_${++calls}` };
    await countersign(folder, env, ['hook', 'claude'], JSON.stringify({ ...payload, hook_event_name: 'PreToolUse' }));
    const response = await work();
    const after = { ...payload, hook_event_name: 'PostToolUse', tool_response: response };
    await countersign(folder, env, ['hook', 'claude'], JSON.stringify(after));
  };

  const discountFile = path.join(folder, 'src/discount.ts');
  await call('Write', { file_path: discountFile, content: discount }, async () => {
    await writeFile(discountFile, discount);
    return { originalFile: null };
  });

  const cartFile = path.join(folder, 'src/cart.ts');
  const before = await readFile(cartFile, 'utf8');
  const edit = {
    file_path: cartFile,
    old_string: `export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}`,
    new_string: `export function total(lines: readonly Line[], discounts: readonly Discount[] = []): number {
  return lines.reduce((sum, line) => {
    const { product, quantity } = line;
    return sum + product.price * quantity - discountOf(line, discounts);
  }, 0);
}`,
  };
  await call('Edit', edit, async () => {
    await writeFile(
      cartFile,
      before.replace(edit.old_string, () => edit.new_string),
    );
    return { originalFile: before };
  });
  const command = `sed -i "1i import { type Discount, discountOf } from './discount.ts';" src/cart.ts`;
  await call('Bash', { command }, async () => {
    await change(
      folder,
      'src/cart.ts',
      (text) => `import { type Discount, discountOf } from './discount.ts';\n${text}`,
    );
    return { stdout: '' };
  });
}

/** What an editor that vouches for a person's typing sends. */
async function personTypes(folder: string, env: NodeJS.ProcessEnv, file: string, edit: Edit): Promise<void> {
  await change(folder, file, edit);
  const event = { version: 1, event: 'human-edit', cwd: folder, files: [file] };
  await countersign(folder, env, ['hook', 'generic'], JSON.stringify(event));
}

/** What a completion engine without an adapter would send. */
async function completionAccepted(folder: string, env: NodeJS.ProcessEnv, file: string, edit: Edit): Promise<void> {
  const completion = {
    version: 1,
    tool: 'copilot',
    session: 'demo-window',
    kind: 'tab_autocomplete',
    cwd: folder,
    files: [file],
  };
  await countersign(folder, env, ['hook', 'generic'], JSON.stringify({ ...completion, event: 'before-edit' }));
  await change(folder, file, edit);
  await countersign(folder, env, ['hook', 'generic'], JSON.stringify({ ...completion, event: 'after-edit' }));
}
