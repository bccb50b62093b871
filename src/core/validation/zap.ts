import { FindingList } from './findingList.ts';
import { elements, field, JsonReader, type JsonValue, stringIn } from './jsonReader.ts';
import { pageOf, type ReadFinding, type Report, ReportError, severityOf, words } from './report.ts';

const risks = ['info', 'low', 'medium', 'high'];

/**
 * Reads the "Traditional JSON Report" of OWASP ZAP (https://www.zaproxy.org/docs/desktop/addons/report-generation/). One finding
 * for each place of an alert; what is only information, or called a false positive, is none.
 */
export class ZapReader {
  readonly #findings = new FindingList();
  #hasSites = false;
  readonly reader = new JsonReader(
    {
      within: {
        site: {
          begin: () => this.#noteSites(),
          within: { '*': { within: { alerts: { within: { '*': { take: (value) => this.#addAlert(value) } } } } } },
        },
      },
    },
    [
      'desc',
      'solution',
      'otherinfo',
      'reference',
      'tags',
      'attack',
      'evidence',
      'request-header',
      'request-body',
      'response-body',
    ],
  );

  #noteSites(): void {
    this.#hasSites = true;
  }

  #addAlert(alert: JsonValue): void {
    const severity = severityOf(risks[Number(field(alert, 'riskcode'))]);
    if (!severity) return;
    const message = words(stringIn(alert, 'name') ?? stringIn(alert, 'alert'));
    const rule = words(stringIn(alert, 'alertRef') ?? stringIn(alert, 'pluginid')) || message;
    const isFalse = String(field(alert, 'confidence')) === '0';
    for (const instance of elements(field(alert, 'instances'))) {
      const page = pageOf(stringIn(instance, 'uri'));
      const [method, param] = [words(field(instance, 'method'), 20), words(field(instance, 'param'), 60)];
      const at: ReadFinding['at'] = {
        in: 'application',
        page: [method, page, param].filter((part) => part !== '').join(' '),
      };
      if (isFalse) this.#findings.addKnown();
      else this.#findings.add({ rule, severity, message, at });
    }
  }

  report(): Report {
    if (!this.#hasSites) throw new ReportError('is no report of ZAP: it has no sites');
    return { format: 'zap', scans: [this.#findings.scan('dast', 'ZAP')] };
  }
}
