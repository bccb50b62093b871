import { FindingList } from './findingList.ts';
import { elements, field, JsonReader, type JsonValue, stringIn } from './jsonReader.ts';
import { type Report, ReportError, severityOf, words } from './report.ts';

/**
 * Reads the vulnerabilities that Mend SCA (WhiteSource) found in dependencies, in its three forms: the Unified Agent's and the
 * CLI's scan report (`libraries`, each with its `vulnerabilities`), the project's vulnerability report of API 1.x
 * (`vulnerabilities`, each with its `library`), and the findings of API 3 (`response`).
 */
export class MendReader {
  readonly #findings = new FindingList();
  #isThere = false;
  readonly reader = new JsonReader(
    {
      within: {
        libraries: { begin: () => this.#note(), within: { '*': { take: (value) => this.#addLibrary(value) } } },
        vulnerabilities: {
          begin: () => this.#note(),
          within: { '*': { take: (value) => this.#add(value, field(value, 'library')) } },
        },
        response: { begin: () => this.#note(), within: { '*': { take: (value) => this.#addOfPlatform(value) } } },
      },
    },
    ['description', 'allFixes', 'topFix', 'references', 'licenses', 'cvss3Attributes', 'locations', 'threatAssessment'],
  );

  #note(): void {
    this.#isThere = true;
  }

  #addLibrary(library: JsonValue): void {
    for (const vulnerability of elements(field(library, 'vulnerabilities'))) this.#add(vulnerability, library);
  }

  #addOfPlatform(value: JsonValue): void {
    const status = stringIn(value, 'findingInfo', 'status') ?? '';
    if (/^(?:IGNORED|SUPPRESSED|LIBRARY_REMOVED|LIBRARY_IN_HOUSE)/.test(status)) this.#findings.addKnown();
    else if (field(value, 'vulnerability')) this.#add(field(value, 'vulnerability'), field(value, 'component'));
  }

  #add(vulnerability: JsonValue | undefined, library: JsonValue | undefined): void {
    const severity = severityOf(stringIn(vulnerability, 'cvss3_severity') ?? stringIn(vulnerability, 'severity'));
    const rule = words(stringIn(vulnerability, 'name'), 120);
    if (!severity || rule === '') return;
    const version = words(stringIn(library, 'version'), 60);
    const called = stringIn(library, 'artifactId') ?? stringIn(library, 'name') ?? stringIn(library, 'filename');
    const artifact = words(called, 120);
    // Of what is no Maven artifact it is a file's name: `lodash-4.17.15.tgz`.
    const end = version === '' ? -1 : artifact.lastIndexOf(`-${version}`);
    const name = end > 0 ? artifact.slice(0, end) : artifact;
    const message = `${rule} in ${name}${version === '' ? '' : ` ${version}`}`;
    const at = { in: 'package', name, ...(version !== '' && { version }) } as const;
    this.#findings.add({ rule, severity, message, at });
  }

  report(): Report {
    if (!this.#isThere) throw new ReportError('is no report of Mend: it has no libraries and no vulnerabilities');
    return { format: 'mend', scans: [this.#findings.scan('sca', 'Mend SCA')] };
  }
}
