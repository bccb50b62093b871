import { localTime } from '../core/stepText.ts';
import { type RecordedValidation, validationSummary } from '../core/validation/summary.ts';
import type { NewFinding, ScanResult, ValidationRun, Validations } from '../core/validation/validation.ts';
import { printable, table } from './format.ts';

/** New findings that are listed of one scan. */
const maxListed = 20;

/** `npm test passed at 2026-11-22 10:02, on what is there now`: a line for each run and each scan, with what is new. */
export function formatValidations({ runs, scans }: Validations): string {
  return [...runs.map(runText), ...scans.map(scanText)].join('');
}

function runText(run: ValidationRun): string {
  const { name, outcome, exitCode, tests, at, where = [] } = run;
  const details = [
    ...(outcome === 'failed' && exitCode !== undefined ? [`exit code ${exitCode}`] : []),
    ...(tests ? [counted(tests.run, 'test')] : []),
    ...(tests && tests.failed > 0 ? [`${tests.failed} failed`] : []),
    ...(tests && tests.skipped > 0 ? [`${tests.skipped} skipped`] : []),
    ...(where.length > 0 ? [where.map(placeText).join(', ')] : []),
  ];
  const result = outcome === 'stopped' ? 'was stopped' : outcome;
  const how = details.length > 0 ? ` (${details.join(', ')})` : '';
  return `${printable(name)} ${result}${how} at ${localTime(at)}${freshnessText(run)}\n`;
}

function scanText(scan: ScanResult): string {
  const { tool, kind, findings, fresh, at } = scan;
  const found = `${counted(findings, 'finding')}, ${fresh.length} new in this change`;
  const rows = fresh
    .slice(0, maxListed)
    .map(({ severity, rule, message, where }) => [
      ...[`  ${severity}`, printable(rule), printable(message)],
      where.map(placeText).join(', '),
    ]);
  const rest = fresh.length > maxListed ? `  and ${fresh.length - maxListed} more\n` : '';
  return `${printable(tool)} (${kind}): ${found}, at ${localTime(at)}${freshnessText(scan)}\n${table(rows)}${rest}`;
}

function freshnessText({ freshness, changed }: Pick<ValidationRun, 'freshness' | 'changed'>): string {
  if (freshness === 'unknown') return '; it is not known on what';
  if (freshness === 'current') return ', on what is there now';
  if (!changed) return '; files have changed since';
  const { files, first } = changed;
  const more = files > first.length ? ` and ${files - first.length} more` : '';
  const differ = files === 1 ? '1 file differs' : `${files} files differ`;
  return `; ${differ} from what it ran on: ${first.map(printable).join(', ')}${more}`;
}

function placeText({ path, line }: NewFinding['where'][number]): string {
  return printable(line === undefined ? path : `${path}:${line}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** `validation: tests passed, sast 0 new`, as it was when the commit was made; nothing for none. */
export function formatRecordedValidation(validation: RecordedValidation | undefined): string {
  const summary = validation ? validationSummary(validation) : '';
  return summary === '' ? '' : `validation: ${summary}\n`;
}
