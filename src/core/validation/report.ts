import type { NamedFile } from './uris.ts';
import type { NewFinding, ScanResult, TestCounts } from './validation.ts';

/** What a file of results holds, whatever tool wrote it. */
export interface Report {
  readonly format: ReportFormat;
  readonly scans: readonly ReadScan[];
  readonly tests?: TestCounts;
}

export const reportFormats = ['sarif', 'zap', 'invicti', 'mend', 'npm-audit', 'junit'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The results of one scanner, as its report has them. */
export interface ReadScan {
  readonly kind: ScanResult['kind'];
  readonly tool: string;
  /** Tells scans of one tool apart that do not take each other's place: CodeQL's of another language. */
  readonly category?: string;
  /** The commit that it says it ran on. */
  readonly commit?: string;
  readonly findings: readonly ReadFinding[];
  /** All that count, those among them that are above the limit and were not kept. */
  readonly total: number;
  /** Results that somebody has suppressed or accepted, or that the tool itself calls known. */
  readonly known: number;
}

/** One result that counts: not a pass, not suppressed. */
export interface ReadFinding {
  readonly rule: string;
  readonly severity: NewFinding['severity'];
  /** One line, printable. */
  readonly message: string;
  readonly at: FindingPlace;
  /** The tool's own name for it, which stays when lines move. */
  readonly fingerprint?: string;
}

export type FindingPlace =
  /** Lines are 1-based; without one it is of the file as a whole. */
  | { readonly in: 'file'; readonly file: NamedFile; readonly line?: number; readonly endLine?: number }
  /** A dependency. */
  | { readonly in: 'package'; readonly name: string; readonly version?: string }
  /** A page or an endpoint of the running application, without host and query. */
  | { readonly in: 'application'; readonly page: string }
  | { readonly in: 'nowhere' };

/** Findings of one scan that are kept while a report is read; the others are counted. */
export const maxReadFindings = 50_000;

/** Why a file of results is not used: one line, which ends a sentence that begins with its name. */
export class ReportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReportError';
  }
}

/** Words of a report above this length (UTF-16 units) are cut. */
const maxWords = 160;

/** Words of a report on one line, printable and not too long; a copy, which keeps no long text in memory. */
export function words(value: unknown, limit = maxWords): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value).slice(0, 4 * limit);
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\s]+/gu, ' ').trim();
  const characters = [...printable];
  const isLong = characters.length > limit;
  return `${characters.slice(0, isLong ? limit - 1 : limit).join('')}${isLong ? '…' : ''}`;
}

/** A severity as tools and databases name it; `undefined` for one that is only information, or none at all. */
export function severityOf(name: unknown): NewFinding['severity'] | undefined {
  switch (typeof name === 'string' ? name.trim().toLowerCase() : undefined) {
    case 'critical':
      return 'critical';
    case 'high':
    case 'important':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
      return 'low';
    default:
      return undefined;
  }
}

/** A CVSS score's severity, by the bounds of CVSS 3 and 4; GitHub reads `security-severity` the same way. */
export function severityOfScore(score: number): NewFinding['severity'] {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** The page that an address is of: without scheme, host, query and fragment, all of which may hold a secret. */
export function pageOf(address: unknown): string {
  const text = words(address, 1_000);
  const path = text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return words(path === '' ? '/' : path);
}
