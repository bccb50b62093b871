import type { ContentRule, Finding } from '../content.ts';
import { type Facts, maxPlaces } from '../facts.ts';
import type { Remedy } from '../risk.ts';
import { plural, type Rule } from './rule.ts';

/** Patterns whose floor is not the rule's own. */
const floorsOf: Readonly<
  Record<ContentRule, { readonly floor: number; readonly patterns: Readonly<Record<string, number>> }>
> = {
  'destructive-change': { floor: 80, patterns: {} },
  'permission-widened': { floor: 80, patterns: {} },
  'secret-added': { floor: 95, patterns: {} },
  'dependency-added': {
    floor: 50,
    patterns: { 'look-alike': 80, 'install-script': 70, 'other-registry': 70, 'replaced-dependency': 70 },
  },
};

const remedies: Readonly<Record<ContentRule, Remedy>> = {
  'destructive-change': {
    id: 'take-out',
    by: 'anyone',
    action: 'take it out, or commit it by itself with a way back',
  },
  'permission-widened': { id: 'take-out', by: 'anyone', action: 'name only what is needed' },
  'secret-added': {
    id: 'take-out',
    by: 'anyone',
    action: 'take the secret out of the change, and revoke it if it has been anywhere else',
  },
  'dependency-added': {
    id: 'take-out',
    by: 'anyone',
    action: 'look at the package itself, pin its version, and commit it by itself',
  },
};

/** What a rule on the text of the change found: all of it one factor, with the floor of the worst. */
export function contentRule(id: ContentRule): Rule {
  return {
    id,
    find({ findings }) {
      const own = findings.filter(({ rule }) => rule === id);
      if (own.length === 0) return [];
      const floor = Math.max(...own.map((finding) => floorOf(finding)));
      const worst = own.find((finding) => floorOf(finding) === floor) as Finding;
      const more = own.length > 1 ? `, and ${plural(own.length - 1, 'more like it', 'more like it')}` : '';
      const places = new Map(own.map(({ where: place }) => [`${place.path}:${place.line}`, place]));
      const where = [...places.values()].slice(0, maxPlaces);
      const resolve = (facts: Facts): Facts => ({
        ...facts,
        findings: facts.findings.filter(({ rule }) => rule !== id),
      });
      return [{ floor, detail: `${worst.detail}${more}`, where, remedy: remedies[id], resolve }];
    },
  };
}

function floorOf({ rule, pattern }: Finding): number {
  return floorsOf[rule].patterns[pattern] ?? floorsOf[rule].floor;
}
