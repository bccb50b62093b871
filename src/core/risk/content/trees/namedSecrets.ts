import type { Sign } from '../fact.ts';
import { isMadeUpPlace, isSecretOf } from '../secrets/judgement.ts';
import { type Entry, entry, type Tree, textOf } from './tree.ts';

/**
 * Secrets whose name does not stand on their line: a `name` with a `value` beside it (variables of containers, parameters
 * of stacks), and the `default` of what is named so (variables of Terraform, inputs, parameters of templates).
 */
export function namedSecrets(root: Tree, path: string): Sign[] {
  if (isMadeUpPlace(path)) return [];
  const signs: Sign[] = [];
  const judge = (name: string | undefined, given: Entry | undefined): void => {
    if (name === undefined || given?.value.kind !== 'scalar' || given.value.expression) return;
    const value = textOf(given.value) ?? '';
    if (!isSecretOf(name, value)) return;
    const place = { line: given.line, endLine: given.endLine };
    signs.push({ kind: 'sign', rule: 'secret-added', pattern: 'assigned-secret', detail, subject: value, ...place });
  };
  const visit = (tree: Tree): void => {
    if (tree.kind === 'list') for (const item of tree.items) visit(item);
    if (tree.kind !== 'map') return;
    judge(textOf(entry(tree, 'name', 'key', 'parameterkey')?.value), entry(tree, 'value', 'parametervalue'));
    for (const { key, labels, value } of tree.entries) {
      judge(labels?.at(-1) ?? key, entry(value, 'default', 'defaultvalue', 'value'));
      visit(value);
    }
  };
  visit(root);
  return signs;
}

const detail = 'assigned secret';
