import path from 'node:path';
import * as vscode from 'vscode';
import { type Span, spansOf } from '../../core/change.ts';
import { comparisonWords, scoreWords } from '../../core/risk/words.ts';
import { assistantName } from '../../core/trailers.ts';
import type { Pending, PendingSummary } from './pendingSummary.ts';
import { plainText } from './plainText.ts';
import { showRiskOf } from './riskPick.ts';

interface SpanItem extends vscode.QuickPickItem {
  readonly file?: string;
  readonly span?: Span;
  /** The repository whose risk the row leads to. */
  readonly risk?: Pending;
}

/** Lists the pending change by file and origin; picking a span goes there, and the first row leads to the risk. */
export async function showPendingChange(summary: PendingSummary): Promise<void> {
  await summary.update();
  const items = summary.pending
    .filter(({ files }) => files.length > 0)
    .flatMap((pending) => [
      riskItem(pending),
      ...pending.files.flatMap((file) => fileItems(pending.place.repository.top, file.path, spansOf(file.lines))),
    ]);
  if (items.length === 0) {
    await vscode.window.showInformationMessage('Countersign: nothing is pending.');
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Pending change by origin',
    matchOnDescription: true,
  });
  if (picked?.risk) return await showRiskOf(picked.risk);
  if (!picked?.file || !picked.span) return;
  const document = await vscode.workspace.openTextDocument(picked.file);
  const line = Math.min(picked.span.start, document.lineCount) - 1;
  await vscode.window.showTextDocument(document, { selection: document.lineAt(line).range });
}

function riskItem(pending: Pending): SpanItem {
  const { risk } = pending;
  const label = `$(pulse) Risk ${scoreWords(risk)}`;
  return {
    label,
    description: comparisonWords(risk) ?? '',
    detail: 'What it is made of, and what would bring it down',
    risk: pending,
  };
}

function fileItems(top: string, relativePath: string, spans: readonly Span[]): SpanItem[] {
  const rows = spans.map((span): SpanItem => {
    const lines = span.start === span.end ? `Line ${span.start}` : `Lines ${span.start}–${span.end}`;
    const { author } = span;
    const detail = author?.origin === 'ai' ? `${assistantName(author.tool, author.model)}, ${author.review}` : '';
    return {
      label: `${lines}: ${span.class}`,
      description: plainText(detail),
      file: path.join(top, relativePath),
      span,
    };
  });
  return [{ label: plainText(relativePath), kind: vscode.QuickPickItemKind.Separator }, ...rows];
}
