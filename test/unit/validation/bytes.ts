import { readReport } from '../../../src/core/validation/readReport.ts';
import type { ReadFinding, Report } from '../../../src/core/validation/report.ts';

/** Reads a report that comes in pieces of some bytes. */
export function read(content: string | Uint8Array, piece = 7): Promise<Report> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return readReport(function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  });
}

/** `high rule path:line message`, a line for each finding. */
export function lines(findings: readonly ReadFinding[]): string[] {
  return findings.map(({ severity, rule, message, at }) => `${severity} ${rule} ${place(at)} ${message}`);
}

function place(at: ReadFinding['at']): string {
  switch (at.in) {
    case 'file':
      return `${at.file.absolute ?? at.file.relative}:${at.line ?? ''}`;
    case 'package':
      return `${at.name}@${at.version ?? ''}`;
    case 'application':
      return at.page;
    case 'nowhere':
      return '-';
  }
}
