import { FindingList } from './findingList.ts';
import { JsonReader, type JsonValue, stringIn } from './jsonReader.ts';
import { pageOf, type Report, ReportError, severityOf, words } from './report.ts';
import { type XmlElement, XmlReader } from './xmlReader.ts';

/** What both of Invicti's forms tell of a vulnerability. */
interface Vulnerability {
  readonly name: string;
  readonly type: string;
  readonly severity: string;
  readonly url: string;
  readonly method: string;
  /** `Present, AcceptedRisk`. */
  readonly state: string;
}

class Vulnerabilities {
  readonly #findings = new FindingList();

  add({ name, type, severity, url, method, state }: Vulnerability): void {
    // "Best Practice" and "Information" are no findings.
    const level = severityOf(severity);
    if (!level) return;
    if (/FalsePositive|AcceptedRisk|Fixed/i.test(state.replace(/[\s_-]/g, ''))) {
      this.#findings.addKnown();
      return;
    }
    const page = [words(method, 20), pageOf(url)].filter((part) => part !== '').join(' ');
    const message = words(name) || words(type);
    this.#findings.add({ rule: words(type) || message, severity: level, message, at: { in: 'application', page } });
  }

  report(): Report {
    return { format: 'invicti', scans: [this.#findings.scan('dast', 'Invicti')] };
  }
}

/** Reads Invicti's (Netsparker's) "Vulnerabilities List" as JSON. */
export class InvictiJsonReader {
  readonly #vulnerabilities = new Vulnerabilities();
  #isThere = false;
  readonly reader = new JsonReader(
    {
      within: {
        Vulnerabilities: {
          begin: () => this.#noteList(),
          within: { '*': { take: (value) => this.#add(value) } },
        },
      },
    },
    [
      'Description',
      'Impact',
      'RemedialActions',
      'RemedialProcedure',
      'RemedyReferences',
      'ExternalReferences',
      'Content',
    ],
  );

  #noteList(): void {
    this.#isThere = true;
  }

  #add(value: JsonValue): void {
    const text = (...keys: string[]): string => stringIn(value, ...keys) ?? '';
    this.#vulnerabilities.add({
      ...{ name: text('Name'), type: text('Type'), severity: text('Severity'), url: text('Url'), state: text('State') },
      method: text('HttpRequest', 'Method'),
    });
  }

  report(): Report {
    if (!this.#isThere) throw new ReportError('is no report of Invicti: it has no vulnerabilities');
    return this.#vulnerabilities.report();
  }
}

export const invictiRoots: readonly string[] = ['invicti-enterprise', 'netsparker-enterprise', 'invicti', 'netsparker'];

/** Reads the same as XML. */
export class InvictiXmlReader {
  readonly #vulnerabilities = new Vulnerabilities();
  #fields = new Map<string, string>();
  readonly reader = new XmlReader({
    begin: (name) => {
      if (name === 'vulnerability') this.#fields = new Map();
    },
    end: (element, path) => this.#end(element, path),
  });

  #end({ name, text }: XmlElement, path: readonly string[]): void {
    if (name === 'vulnerability') {
      const of = (key: string): string => this.#fields.get(key) ?? '';
      this.#vulnerabilities.add({
        ...{ name: of('name'), type: of('type'), severity: of('severity'), url: of('url'), state: of('state') },
        method: of('http-request/method'),
      });
    } else if (path.at(-1) === 'vulnerability') {
      this.#fields.set(name, text.trim());
    } else if (path.at(-2) === 'vulnerability') {
      this.#fields.set(`${path.at(-1)}/${name}`, text.trim());
    }
  }

  report(): Report {
    return this.#vulnerabilities.report();
  }
}
