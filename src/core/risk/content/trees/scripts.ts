import type { Fact } from '../fact.ts';
import { commandFacts } from '../shell/facts.ts';
import { readJson } from './json.ts';
import { itemsOf, plainName, type Scalar, type Tree, TreeError, type TreeMap, textOf } from './tree.ts';
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
  const lists: TreeMap['entries'][number][] = [];
  const visit = (tree: Tree, key: string): void => {
    if (tree.kind === 'list') for (const item of tree.items) visit(item, key);
    if (tree.kind === 'map') {
      for (const entry of tree.entries) {
        const name = plainName(entry.key);
        const isScripts = key === 'scripts' && kind === 'values';
        if (entry.value.kind === 'list' && /^(command|args|entrypoint|test|exec)$/.test(name)) lists.push(entry);
        else if ((scriptKeys.test(name) || isScripts) && entry.value.kind !== 'map')
          scripts.push(...scalars(entry.value));
        else if (entry.value.kind === 'scalar' && entry.value.textLine !== undefined && documentKeys.test(entry.key))
          facts.push(...innerFacts(entry.value, within));
        if (entry.value.kind !== 'scalar') visit(entry.value, name);
      }
    }
  };
  visit(root, '');
  for (const script of scripts)
    facts.push(...(await commandFacts(withoutExpressions(String(script.value)), script.textLine ?? script.line)));
  for (const entry of lists) {
    const words = itemsOf(entry.value).map((item) => textOf(item) ?? '');
    const shell = words.findIndex((word) => /^-\w*c$/.test(word));
    const script = shell >= 0 ? (itemsOf(entry.value)[shell + 1] as Scalar | undefined) : undefined;
    if (script)
      facts.push(...(await commandFacts(withoutExpressions(String(script.value)), script.textLine ?? script.line)));
    else {
      const found = await commandFacts(
        words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", '')}'`)).join(' '),
        entry.line,
      );
      facts.push(...found.map((fact) => ({ ...fact, endLine: entry.endLine })));
    }
  }
  return facts;
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
