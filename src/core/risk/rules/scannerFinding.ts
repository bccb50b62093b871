import type { NewFinding } from '../../validation/validation.ts';
import { type Facts, maxPlaces } from '../facts.ts';
import { scanAgain } from '../remedies.ts';
import { plural, type Rule } from './rule.ts';

const floors: Readonly<Record<NewFinding['severity'], number>> = { low: 30, medium: 50, high: 80, critical: 95 };
const severities = ['critical', 'high', 'medium', 'low'] as const;

/**
 * What scanners found on lines of the change and is not in the baseline; the worst counts. A scan that is older than the last
 * change still counts: that a file was edited does not show that the finding is gone.
 */
export const scannerFinding: Rule = {
  id: 'scanner-finding',
  find({ validations }) {
    const found = validations.scans.flatMap(({ fresh }) => fresh);
    const worst = severities.find((severity) => found.some((finding) => finding.severity === severity));
    if (!worst) return [];
    const inOrder = severities.flatMap((severity) => found.filter((finding) => finding.severity === severity));
    const first = inOrder[0] as NewFinding;
    const counts = severities
      .map((severity) => [found.filter((finding) => finding.severity === severity).length, severity] as const)
      .filter(([count]) => count > 0)
      .map(([count, severity]) => `${count} ${severity}`);
    return [
      {
        floor: floors[worst],
        detail: `${plural(found.length, 'new finding')} (${counts.join(', ')}), the worst by ${first.tool}: ${first.rule}`,
        where: inOrder.flatMap(({ where }) => where).slice(0, maxPlaces),
        remedy: scanAgain(first.tool),
        resolve: mended,
      },
    ];
  },
};

function mended(facts: Facts): Facts {
  const { runs, scans } = facts.validations;
  const missing = facts.missing.filter(({ why }) => why !== 'findings');
  return { ...facts, validations: { runs, scans: scans.map((scan) => ({ ...scan, fresh: [] })) }, missing };
}
