import { maxReadFindings, type ReadFinding, type ReadScan } from './report.ts';

/** The findings of one scan as they are read: counted, and kept up to the limit. */
export class FindingList {
  readonly #findings: ReadFinding[] = [];
  #total = 0;
  #known = 0;

  add(finding: ReadFinding): void {
    this.#total++;
    if (this.#findings.length < maxReadFindings) this.#findings.push(finding);
  }

  /** One that somebody has accepted, or called no finding. */
  addKnown(): void {
    this.#known++;
  }

  scan(kind: ReadScan['kind'], tool: string): ReadScan {
    return { kind, tool, findings: this.#findings, total: this.#total, known: this.#known };
  }
}
