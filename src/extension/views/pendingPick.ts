import path from 'node:path';
import * as vscode from 'vscode';
import { type Span, spansOf } from '../../core/change.ts';
import { assistantName } from '../../core/trailers.ts';
import type { PendingSummary } from './pendingSummary.ts';

interface SpanItem extends vscode.QuickPickItem {
  readonly file?: string;
  readonly span?: Span;
}

/** Lists the pending change by file and origin; picking a span goes there. */
export async function showPendingChange(summary: PendingSummary): Promise<void> {
  await summary.update();
  const items = summary.pending.flatMap(({ place, files }) =>
    files.flatMap((file) => fileItems(place.repository.top, file.path, spansOf(file.lines))),
  );
  if (items.length === 0) {
    await vscode.window.showInformationMessage('Countersign: nothing is pending.');
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Pending change by origin',
    matchOnDescription: true,
  });
  if (!picked?.file || !picked.span) return;
  const document = await vscode.workspace.openTextDocument(picked.file);
  const line = Math.min(picked.span.start, document.lineCount) - 1;
  await vscode.window.showTextDocument(document, { selection: document.lineAt(line).range });
}

function fileItems(top: string, relativePath: string, spans: readonly Span[]): SpanItem[] {
  const rows = spans.map((span): SpanItem => {
    const lines = span.start === span.end ? `Line ${span.start}` : `Lines ${span.start}–${span.end}`;
    const { author } = span;
    const detail = author?.origin === 'ai' ? `${assistantName(author.tool, author.model)}, ${author.review}` : '';
    return { label: `${lines}: ${span.class}`, description: detail, file: path.join(top, relativePath), span };
  });
  return [{ label: relativePath, kind: vscode.QuickPickItemKind.Separator }, ...rows];
}
