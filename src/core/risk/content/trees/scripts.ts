import type { Fact } from '../fact.ts';
import { commandFacts } from '../shell/facts.ts';
import { readJson } from './json.ts';
import { type Entry, itemsOf, plainName, type Scalar, type Tree, TreeError, textOf } from './tree.ts';
import type { DocumentKind } from './visit.ts';

/** Keys whose text is a script, or whose list is one of commands. */
const scriptKeys =
  /^(run|script|beforescript|afterscript|shell|ansiblebuiltinshell|ansiblebuiltincommand|command|cmd|commands|bash|inlinescript|userdata|entrypoint|args|local-exec|inline|runcmd|bootcmd|postcreatecommand|poststartcommand|build|deploy|install|test|prestop|exec)$/;
/** Texts that hold a policy, or settings, of their own. */
const documentKeys = /policy|json|document|definition|config/i;

/** What the scripts and the documents within a document say. */
export async function scriptFacts(root: Tree, kind: DocumentKind, within: (inner: Tree) => Fact[]): Promise<Fact[]> {
  const facts: Fact[] = [];
  const scripts: Scalar[] = [];
  const lists: (readonly Entry[])[] = [];
  const visit = (tree: Tree, key: string): void => {
    if (tree.kind === 'list') for (const item of tree.items) visit(item, key);
    if (tree.kind === 'map') {
      const parts = tree.entries.filter(isCommandPart).sort((a, b) => partOrder(a) - partOrder(b));
      if (parts.length > 0) lists.push(parts);
      for (const entry of tree.entries) {
        const name = plainName(entry.key);
        const isScripts = key === 'scripts' && kind === 'values';
        if (isCommandPart(entry)) continue;
        if ((scriptKeys.test(name) || isScripts) && entry.value.kind !== 'map') scripts.push(...scalars(entry.value));
        else if (entry.value.kind === 'scalar' && entry.value.textLine !== undefined && documentKeys.test(entry.key))
          facts.push(...innerFacts(entry.value, within));
        if (entry.value.kind !== 'scalar') visit(entry.value, name);
      }
    }
  };
  visit(root, '');
  const place = kind === 'workflow' ? { passingDatabases: passingDatabases(root) } : {};
  for (const script of scripts)
    facts.push(
      ...(await commandFacts(withoutExpressions(String(script.value)), script.textLine ?? script.line, place)),
    );
  for (const entries of lists) facts.push(...(await listedFacts(entries)));
  return facts;
}

/** Variables of a workflow that hold, wherever they are set, the address of a database on the machine of the job. */
function passingDatabases(workflow: Tree): ReadonlySet<string> {
  const [passing, others] = [new Set<string>(), new Set<string>()];
  const visit = (tree: Tree): void => {
    if (tree.kind === 'list') for (const item of tree.items) visit(item);
    if (tree.kind !== 'map') return;
    for (const { key, value } of tree.entries) {
      if (plainName(key) === 'env' && value.kind === 'map')
        for (const each of value.entries) (ownAddress.test(textOf(each.value) ?? '') ? passing : others).add(each.key);
      visit(value);
    }
  };
  visit(workflow);
  return new Set([...passing].filter((name) => !others.has(name)));
}

const ownAddress = /^[a-z][a-z0-9+]{1,20}:\/\/(?:[^\s@/]{0,80}@)?(?:localhost|127\.0\.0\.1)(?::\d+)?(?:[/?]|$)/;

const commandParts = ['entrypoint', 'exec', 'test', 'command', 'args'];

/** A list of words, not a script: an image's entry point, the command and its arguments are one. */
function isCommandPart({ key, value }: Entry): boolean {
  return value.kind === 'list' && commandParts.includes(plainName(key));
}

function partOrder({ key }: Entry): number {
  return commandParts.indexOf(plainName(key));
}

async function listedFacts(entries: readonly Entry[]): Promise<Fact[]> {
  const items = entries.flatMap(({ value }) => itemsOf(value));
  const words = items.map((item) => textOf(item) ?? '');
  const option = words.findIndex((word) => /^-\w*c$/.test(word));
  // Of arguments alone the program is not known: an option that takes a command is most often a shell's.
  const isShell =
    option === 0 || words.slice(0, Math.max(0, option)).some((word) => /(^|\/)(ba|z|k|da|a)?sh$/.test(word));
  const script = isShell ? items[option + 1] : undefined;
  if (script?.kind === 'scalar')
    return commandFacts(withoutExpressions(String(script.value)), script.textLine ?? script.line);
  const [line, endLine] = [
    Math.min(...entries.map((entry) => entry.line)),
    Math.max(...entries.map((entry) => entry.endLine)),
  ];
  const quoted = words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", '')}'`));
  return (await commandFacts(quoted.join(' '), line)).map((fact) => ({ ...fact, endLine }));
}

/** `${{ … }}` is filled in before a shell sees it. */
function withoutExpressions(script: string): string {
  return script.replace(/\$\{\{[^{}]*\}\}/g, 'EXPRESSION');
}

function scalars(tree: Tree): Scalar[] {
  return itemsOf(tree).flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item] : []));
}

function innerFacts(scalar: Scalar, within: (inner: Tree) => Fact[]): Fact[] {
  const text = String(scalar.value);
  if (!/^\s*\{/.test(text)) return [];
  try {
    return within(readJson(text, scalar.textLine ?? scalar.line));
  } catch (error) {
    if (error instanceof TreeError) return [];
    throw error;
  }
}
