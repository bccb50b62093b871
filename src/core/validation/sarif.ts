import { elements, field, JsonReader, type JsonValue, numberIn, stringIn, type Wanted } from './jsonReader.ts';
import {
  type FindingPlace,
  maxReadFindings,
  pageOf,
  type ReadFinding,
  type ReadScan,
  type Report,
  ReportError,
  severityOfScore,
  words,
} from './report.ts';
import { namedFile, type UriBase } from './uris.ts';
import type { NewFinding } from './validation.ts';

/** What a SARIF result is made of and is not needed: traces through the code, and texts for a page. */
const leftOut = [
  ...['codeFlows', 'stacks', 'graphs', 'graphTraversals', 'relatedLocations', 'fixes', 'attachments', 'contextRegion'],
  ...[
    'webRequest',
    'webResponse',
    'markdown',
    'help',
    'fullDescription',
    'messageStrings',
    'taxa',
    'provenance',
    'snippet',
  ],
];

/** Where something is, as the log has it: its bases may stand behind it. */
interface Location {
  readonly uri: string | undefined;
  readonly base: string | undefined;
  /** Index into the run's artifacts, where it has no URI of its own. */
  readonly artifact: number | undefined;
}

/** A result as it is kept until its run is complete: its rule may stand behind it. */
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number | undefined;
  /** Index of the extension that its rule is of; -1 is the driver. */
  readonly extension: number;
  readonly level: string | undefined;
  readonly message: string;
  readonly location: Location;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly fingerprint: string | undefined;
}

interface Rule {
  readonly id: string;
  readonly level: string | undefined;
  readonly severity: NewFinding['severity'] | undefined;
  readonly isSecurity: boolean;
  readonly message: string;
}

/** Rules and artifacts of a run that are kept. */
const maxRules = 20_000;
const maxArtifacts = 200_000;

class Run {
  tool = '';
  category: string | undefined;
  readonly commits = new Set<string>();
  /** By the index of the tool component: -1 is the driver. */
  readonly rules = new Map<number, Rule[]>();
  readonly artifacts: Location[] = [];
  readonly bases = new Map<string, UriBase>();
  readonly results: Result[] = [];
  total = 0;
  known = 0;

  setTool(name: JsonValue): void {
    this.tool = words(name, 60);
  }

  setCategory(details: JsonValue): void {
    this.category = categoryOf(stringIn(details, 'id'));
  }
}

/**
 * Reads SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). Results that are no failure, suppressed ones and those
 * that the tool itself compares with an earlier scan and calls unchanged are not findings.
 */
export class SarifReader {
  readonly #runs: Run[] = [];
  #version: string | undefined;
  #hasRuns = false;
  #extension = -1;
  readonly reader: JsonReader;

  constructor() {
    const run = (): Run => this.#runs.at(-1) as Run;
    const rules = (component: () => number): Wanted => ({
      within: { '*': { take: (value) => addRule(run(), component(), value) } },
    });
    const root: Wanted = {
      within: {
        version: { take: (value) => this.#setVersion(value) },
        runs: {
          begin: (kind) => {
            this.#hasRuns = kind === 'array';
          },
          within: {
            '*': {
              begin: () => {
                this.#runs.push(new Run());
                this.#extension = -1;
              },
              within: {
                tool: {
                  within: {
                    driver: {
                      within: {
                        name: { take: (value) => run().setTool(value) },
                        rules: rules(() => -1),
                      },
                    },
                    extensions: {
                      within: {
                        '*': { begin: () => this.#nextExtension(), within: { rules: rules(() => this.#extension) } },
                      },
                    },
                  },
                },
                automationDetails: { take: (value) => run().setCategory(value) },
                versionControlProvenance: { take: (value) => addProvenance(run(), value) },
                originalUriBaseIds: { take: (value) => addBases(run(), value) },
                artifacts: { within: { '*': { take: (value) => addArtifact(run(), value) } } },
                results: { within: { '*': { take: (value) => addResult(run(), value) } } },
              },
            },
          },
        },
      },
    };
    this.reader = new JsonReader(root, leftOut);
  }

  #nextExtension(): void {
    this.#extension++;
  }

  #setVersion(value: JsonValue): void {
    this.#version = words(value, 20);
    if (this.#version !== '2.1.0') throw new ReportError(`is SARIF ${this.#version}: only 2.1.0 is read`);
  }

  /** @throws {ReportError} where it is no SARIF log after all */
  report(): Report {
    if (this.#version === undefined || !this.#hasRuns)
      throw new ReportError('is no SARIF log: it has no version, or no runs');
    return { format: 'sarif', scans: this.#runs.map(scanOf) };
  }
}

function addRule(run: Run, component: number, value: JsonValue): void {
  const rules = run.rules.get(component) ?? [];
  run.rules.set(component, rules);
  if (rules.length >= maxRules) return;
  const score = field(value, 'properties', 'security-severity');
  const number = score === undefined || score === '' ? Number.NaN : Number(score);
  const tags = elements(field(value, 'properties', 'tags')).map((tag) => String(tag).toLowerCase());
  rules.push({
    id: words(stringIn(value, 'id'), 120),
    level: stringIn(value, 'defaultConfiguration', 'level'),
    severity: Number.isFinite(number) ? severityOfScore(number) : undefined,
    isSecurity: Number.isFinite(number) || tags.some((tag) => tag === 'security' || tag.startsWith('cwe')),
    message: words(stringIn(value, 'shortDescription', 'text') ?? stringIn(value, 'name')),
  });
}

/** The part before the last `/` names what was scanned; the rest is the id of this one scan. */
function categoryOf(id: string | undefined): string | undefined {
  const category = id?.slice(0, Math.max(0, id.lastIndexOf('/')));
  return category ? words(category, 60) : undefined;
}

function addProvenance(run: Run, value: JsonValue): void {
  for (const each of elements(value)) {
    const commit = stringIn(each, 'revisionId');
    if (commit !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(commit)) run.commits.add(commit.toLowerCase());
  }
}

function addBases(run: Run, value: JsonValue): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [id, location] of Object.entries(value)) {
    const { uri, base } = locationOf(location);
    run.bases.set(id, { ...(uri !== undefined && { uri }), ...(base !== undefined && { base }) });
  }
}

function addArtifact(run: Run, value: JsonValue): void {
  if (run.artifacts.length < maxArtifacts) run.artifacts.push(locationOf(field(value, 'location')));
}

function addResult(run: Run, value: JsonValue): void {
  // What has no kind, or one that is not known, is a failure.
  if (/^(?:pass|notApplicable|informational)$/.test(stringIn(value, 'kind') ?? '')) return;
  const state = stringIn(value, 'baselineState');
  if (state === 'absent') return;
  const suppressions = elements(field(value, 'suppressions'));
  const isSuppressed = suppressions.some((each) => !/^(?:underReview|rejected)$/.test(stringIn(each, 'status') ?? ''));
  if (isSuppressed || state === 'unchanged') {
    run.known++;
    return;
  }
  run.total++;
  if (run.results.length >= maxReadFindings) return;
  const physical = field(elements(field(value, 'locations'))[0], 'physicalLocation');
  const region = field(physical, 'region');
  run.results.push({
    ruleId: words(stringIn(value, 'ruleId') ?? stringIn(value, 'rule', 'id'), 120),
    ruleIndex: numberIn(value, 'ruleIndex') ?? numberIn(value, 'rule', 'index'),
    extension: numberIn(value, 'rule', 'toolComponent', 'index') ?? -1,
    level: stringIn(value, 'level'),
    // `[a value](1)` points to a related location.
    message: words(stringIn(value, 'message', 'text')?.replace(/\[([^\]]{0,200})\]\(\d+\)/g, '$1')),
    location: locationOf(field(physical, 'artifactLocation')),
    line: lineIn(region, 'startLine'),
    endLine: lineIn(region, 'endLine'),
    fingerprint: fingerprintOf(value),
  });
}

function locationOf(value: JsonValue | undefined): Location {
  return { uri: stringIn(value, 'uri'), base: stringIn(value, 'uriBaseId'), artifact: numberIn(value, 'index') };
}

function lineIn(region: JsonValue | undefined, key: string): number | undefined {
  const line = numberIn(region, key);
  return line !== undefined && Number.isInteger(line) && line > 0 ? line : undefined;
}

/** A name that the tool gives to the finding; some write words where they have none ("requires login"). */
function fingerprintOf(result: JsonValue): string | undefined {
  for (const key of ['fingerprints', 'partialFingerprints']) {
    const names = field(result, key);
    if (names === null || typeof names !== 'object' || Array.isArray(names)) continue;
    const [, found] =
      Object.entries(names)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .find(([, name]) => typeof name === 'string' && /^[\w+/=:.-]{8,200}$/.test(name)) ?? [];
    if (typeof found === 'string') return found;
  }
  return undefined;
}

function scanOf(run: Run): ReadScan {
  const rulesById = new Map([...run.rules.values()].flat().map((rule) => [rule.id, rule]));
  let isSecurity = false;
  const findings = run.results.map((result): ReadFinding => {
    const rule = ruleOf(run, result, rulesById);
    isSecurity ||= rule?.isSecurity === true;
    const id = result.ruleId || rule?.id || 'unnamed';
    return {
      rule: id,
      severity: rule?.severity ?? severityOfLevel(result.level ?? rule?.level),
      message: result.message || rule?.message || id,
      at: placeOf(run, result),
      ...(result.fingerprint !== undefined && { fingerprint: result.fingerprint }),
    };
  });
  const tool = run.tool || 'unnamed';
  const [commit, ...others] = run.commits;
  return {
    kind: kindOf(tool, isSecurity),
    tool,
    ...(run.category !== undefined && { category: run.category }),
    ...(commit !== undefined && others.length === 0 && { commit }),
    findings,
    total: run.total,
    known: run.known,
  };
}

function ruleOf(run: Run, { ruleId, ruleIndex, extension }: Result, byId: ReadonlyMap<string, Rule>): Rule | undefined {
  const named = ruleIndex === undefined ? undefined : run.rules.get(extension)?.[ruleIndex];
  if (named && (ruleId === '' || ruleId === named.id || ruleId.startsWith(`${named.id}/`))) return named;
  // `a/b` is a part of rule `a`.
  return byId.get(ruleId) ?? byId.get(ruleId.slice(0, Math.max(0, ruleId.lastIndexOf('/'))));
}

function placeOf(run: Run, { location, line, endLine }: Result): FindingPlace {
  const { artifact } = location;
  const known = location.uri === undefined && artifact !== undefined ? run.artifacts[artifact] : location;
  if (known?.uri === undefined) return { in: 'nowhere' };
  const file = namedFile(known.uri, known.base, run.bases);
  if (!file) return { in: 'application', page: pageOf(known.uri) };
  const isRange = line !== undefined && endLine !== undefined && endLine > line;
  return { in: 'file', file, ...(line !== undefined && { line }), ...(isRange && { endLine }) };
}

/** `warning` is what a result is without a level (SARIF 3.27.10). */
function severityOfLevel(level: string | undefined): NewFinding['severity'] {
  if (level === 'error') return 'high';
  return level === 'note' || level === 'none' ? 'low' : 'medium';
}

const scanners: readonly (readonly [kind: ReadScan['kind'], tools: RegExp])[] = [
  [
    'sca',
    /\b(?:trivy|grype|osv-scanner|dependency-?check|snyk open source|mend sca|npm audit|pip-audit|govulncheck|cargo-audit)\b/i,
  ],
  ['dast', /\b(?:zap|invicti|netsparker|burp|nuclei|nikto|stackhawk)\b/i],
  [
    'lint',
    /\b(?:eslint|biome|stylelint|pylint|ruff|flake8|mypy|pyright|clippy|golangci-lint|rubocop|checkstyle|pmd|ktlint|detekt|shellcheck|hadolint|actionlint|yamllint|tflint|swiftlint|psscriptanalyzer|markdownlint)\b/i,
  ],
];

/** By the tool's name; of what nobody knows, it is telling whether it calls its rules matters of security. */
function kindOf(tool: string, isSecurity: boolean): ReadScan['kind'] {
  const known = scanners.find(([, tools]) => tools.test(tool));
  if (known) return known[0];
  return isSecurity || sastTools.test(tool) ? 'sast' : 'other';
}

const sastTools =
  /\b(?:semgrep|opengrep|codeql|snyk|mend|checkmarx|sonar\w*|bandit|gosec|brakeman|bearer|njsscan|checkov|tfsec|kics|gitleaks|trufflehog|horusec|fortify|veracode|coverity|devskim|insider|spotbugs)\b/i;
