import type { AssessedCommit } from '../change/commitRisk.ts';
import type { Assessment } from '../change/risk.ts';
import { isFloor, type Risk } from '../core/risk/risk.ts';
import { comparisonWords, scoreWords } from '../core/risk/words.ts';
import { bold, formatReviewers, formatRisk, printable, table } from './format.ts';

/** What the score is made of, what would lower the level, and what it had to do without. */
export function formatRiskInFull({ risk, reviewers }: Pick<Assessment, 'risk' | 'reviewers'>): string {
  return `${formatRisk(risk)}${formatReviewers(reviewers, risk.level)}${stepsText(risk)}${withoutText(risk)}`;
}

function stepsText({ toLower }: Risk): string {
  if (toLower.length === 0) return '';
  const rows = toLower.map((step, i) => [
    `  ${i + 1}.`,
    step.rules.join(', '),
    printable(step.action),
    `then ${scoreWords(step)}`,
  ]);
  return `to lower it:\n${table(rows)}`;
}

function withoutText({ without }: Risk): string {
  return without.map(({ what, why }) => `without ${printable(what)}: ${printable(why)}\n`).join('');
}

/** A line: commit, score, where the model puts it, the rules that raised it, subject. */
export function formatCommitRisk({ commit, subject, risk }: AssessedCommit): string {
  const rules = [...new Set(risk.factors.filter(isFloor).map(({ id }) => id))].join(', ');
  const columns = [scoreWords(risk).padEnd('moderate 100/100'.length), printable(subject), rules && `(${rules})`];
  const shown = columns.filter((column) => column !== '').join('  ');
  const comparison = comparisonWords(risk);
  return `${bold(commit.slice(0, 12))}  ${shown}${comparison === undefined ? '' : `; ${comparison}`}\n`;
}
