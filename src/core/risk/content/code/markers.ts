import type { Fact } from '../fact.ts';
import { containers } from '../trees/patterns/containers.ts';
import type { Entry, TreeMap } from '../trees/tree.ts';
import { TreePatterns } from '../trees/visit.ts';

/** Comments of Go from which `controller-gen` makes the roles of an operator. */
const marker = /^\s*\/\/\s*\+kubebuilder:rbac:(.{1,400})$/;
const names: Readonly<Record<string, string>> = { groups: 'apiGroups', resourceNames: 'resourceNames' };
const roles = new TreePatterns(containers);

/** What such comments on some of the lines of a text give to a role: as the rule of a role would be judged. */
export function markerFacts(text: string, lines: readonly number[]): Fact[] {
  const all = text.split('\n');
  return lines.flatMap((line) => {
    const match = marker.exec(all[line - 1] ?? '');
    return match ? roles.facts(ruleOf(match[1] as string, line), 'kubernetes') : [];
  });
}

/** `groups=apps,resources=deployments;pods,verbs=get;list` as the map that it stands for. */
function ruleOf(marker: string, line: number): TreeMap {
  const place = { line, endLine: line };
  const entries = marker.split(',').map((part): Entry => {
    const [key = '', values = ''] = part.split('=');
    const items = values.replace(/["{}]/g, '').split(';');
    const list = items.map((value) => ({ kind: 'scalar' as const, value: value.trim(), ...place }));
    return { key: names[key.trim()] ?? key.trim(), value: { kind: 'list', items: list, ...place }, ...place };
  });
  return { kind: 'map', entries, ...place };
}
