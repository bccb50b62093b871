import path from 'node:path';
import * as vscode from 'vscode';
import type { Place } from '../../core/risk/content.ts';
import { isFloor, type Remedy, type Risk, type RiskFactor, type Step } from '../../core/risk/risk.ts';
import { comparisonWords, scoreWords } from '../../core/risk/words.ts';
import type { Pending, PendingSummary } from './pendingSummary.ts';
import { plainText } from './plainText.ts';

/** A row of the list, and what picking it does. */
interface RiskRow extends vscode.QuickPickItem {
  readonly act?: () => Thenable<unknown>;
}

/** Reads the pending change anew and lists what its risk is made of. */
export async function showRisk(summary: PendingSummary): Promise<void> {
  await summary.update();
  const pending = await choose(summary.pending.filter(({ files }) => files.length > 0));
  if (pending) await showRiskOf(pending);
}

/**
 * Lists what a risk is made of: the floors with their places, what would bring the level down, what the model counted, and
 * what the score had to do without. Picking a row goes to its place, or does what it says.
 */
export async function showRiskOf(pending: Pending): Promise<void> {
  const { risk } = pending;
  const picked = await vscode.window.showQuickPick(rowsOf(pending), {
    title: [`Risk ${scoreWords(risk)}`, comparisonWords(risk)].filter(Boolean).join(': '),
    placeHolder: 'Pick a row to go there, or to do what it says',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await picked?.act?.();
}

/** The one there is, or the one that is picked. */
async function choose(pending: readonly Pending[]): Promise<Pending | undefined> {
  if (pending.length === 0) await vscode.window.showInformationMessage('Countersign: nothing is pending.');
  if (pending.length < 2) return pending[0];
  const items = pending.map((entry) => ({
    label: plainText(entry.place.repository.top),
    description: `risk ${scoreWords(entry.risk)}`,
    entry,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Risk of which repository?' }))?.entry;
}

function rowsOf({ place, risk }: Pending): RiskRow[] {
  const goTo = ({ path: file, line }: Place) => openPlace(path.join(place.repository.top, file), line);
  const floors = risk.factors.filter(isFloor);
  const measures = risk.factors.filter((factor) => !isFloor(factor));
  return [
    ...section(
      'Rules that raise it',
      floors.flatMap((factor) => factorRows(factor, goTo)),
    ),
    ...section(
      'What would bring it down',
      risk.toLower.map((step) => stepRow(step, risk, goTo)),
    ),
    ...section(
      'What the model counted',
      measures.flatMap((factor) => factorRows(factor, goTo)),
    ),
    ...section(
      'Not known',
      risk.without.map(({ what, why }) => ({ label: plainText(what), detail: plainText(why) })),
    ),
  ];
}

function section(title: string, rows: readonly RiskRow[]): RiskRow[] {
  return rows.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...rows];
}

type GoTo = (place: Place) => Thenable<unknown>;

/** A row for the factor, which leads to its first place, and one for each further place. */
function factorRows({ id, effect, detail, where }: RiskFactor, goTo: GoTo): RiskRow[] {
  const [first, ...others] = where;
  return [
    {
      label: plainText(id),
      description: plainText([effect, ...(first ? [placeWords(first)] : [])].join(' · ')),
      detail: plainText(detail),
      ...(first && { act: () => goTo(first) }),
    },
    ...others.map((place) => ({
      label: `$(arrow-small-right) ${plainText(placeWords(place))}`,
      description: plainText(id),
      act: () => goTo(place),
    })),
  ];
}

/** What the editor can do towards a remedy; for the others it goes to the place. */
const commandOf: Readonly<Partial<Record<Remedy['id'], string>>> = {
  test: 'workbench.action.tasks.test',
  'run-again': 'workbench.action.tasks.test',
  'scan-again': 'countersign.addEvidence',
  evidence: 'countersign.addEvidence',
};

function stepRow({ action, rules, score, level, by }: Step, { factors }: Risk, goTo: GoTo): RiskRow {
  const answered = factors.filter(({ id }) => rules.some((rule) => rule === id));
  const command = answered.flatMap(({ remedy }) => (remedy && commandOf[remedy.id]) ?? [])[0];
  const place = answered.flatMap(({ where }) => where)[0];
  const act = command !== undefined ? () => vscode.commands.executeCommand(command) : place && (() => goTo(place));
  return {
    label: `$(arrow-down) ${plainText(action)}`,
    description: rules.join(', '),
    detail: `then ${scoreWords({ level, score })}${by === 'person' ? '; only a person can' : ''}`,
    ...(act && { act }),
  };
}

function placeWords({ path: file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** @param line 1-based; the file may have become shorter */
async function openPlace(file: string, line: number | undefined): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const shown = Math.min(line ?? 1, document.lineCount) - 1;
  const { range } = document.lineAt(shown);
  await vscode.window.showTextDocument(document, {
    selection: line === undefined ? new vscode.Range(0, 0, 0, 0) : range,
  });
}
