import { FindingList } from './findingList.ts';
import { elements, field, JsonReader, type JsonValue, stringIn } from './jsonReader.ts';
import { type Report, ReportError, severityOf, words } from './report.ts';

/**
 * Reads `npm audit --json` of npm 7 and later (https://docs.npmjs.com/cli/commands/npm-audit). A finding for each advisory of each
 * package; one that is only affected through another package is told with that one.
 */
export class NpmAuditReader {
  readonly #findings = new FindingList();
  #version: JsonValue | undefined;
  readonly reader = new JsonReader({
    within: {
      auditReportVersion: { take: (value) => this.#setVersion(value) },
      vulnerabilities: { within: { '*': { take: (value) => this.#add(value) } } },
    },
  });

  #setVersion(value: JsonValue): void {
    if (value !== 2)
      throw new ReportError(`is version ${words(value, 20)} of npm's audit report: only 2 is read (npm 7 and later)`);
    this.#version = value;
  }

  #add(vulnerability: JsonValue): void {
    const name = words(stringIn(vulnerability, 'name'), 120);
    for (const advisory of elements(field(vulnerability, 'via'))) {
      const severity = severityOf(stringIn(advisory, 'severity'));
      if (!severity) continue;
      const id = /GHSA(?:-[0-9a-z]{4}){3}/i.exec(stringIn(advisory, 'url') ?? '')?.[0];
      const rule = id ?? words(field(advisory, 'source'), 60);
      const message = words(stringIn(advisory, 'title')) || rule;
      this.#findings.add({ rule, severity, message: words(`${name}: ${message}`), at: { in: 'package', name } });
    }
  }

  report(): Report {
    if (this.#version === undefined) throw new ReportError("is no audit report of npm's: it has no version");
    return { format: 'npm-audit', scans: [this.#findings.scan('sca', 'npm audit')] };
  }
}
