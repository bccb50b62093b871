import { readSource, type Source } from '../code/source.ts';
import type { Fact } from '../fact.ts';
import { readJson } from '../trees/json.ts';
import { child, entry, itemsOf, plainName, type Tree, textOf } from '../trees/tree.ts';
import { reading } from '../unreadable.ts';
import { type Registry, type Requirement, requirementFacts } from './requirement.ts';

/** What a manifest of a package manager asks for; `undefined` for what is none. */
export function manifestOf(path: string): ((text: string) => Promise<Fact[]>) | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const read = manifests.find(([pattern]) => pattern.test(name) || pattern.test(path))?.[1];
  return read && (async (text) => await read(text));
}

type Reader = (text: string) => Fact[] | Promise<Fact[]>;

const manifests: readonly (readonly [RegExp, Reader])[] = [
  [/^package\.json$/, packageJson],
  [
    /^composer\.json$/,
    (text) =>
      sections(readJson(text), 'packagist', ['require', 'requiredev']).filter(
        (fact) => !/^packagist (php|ext-\S+|lib-\S+)$/.test(fact.subject),
      ),
  ],
  [/^(.*requirements.*|constraints.*)\.(txt|in)$|(^|\/)requirements\/[^/]+\.(txt|in)$/, requirementsTxt],
  [/^pyproject\.toml$/, pyproject],
  [/^Pipfile$/, pipfile],
  [/^setup\.py$/, setupPy],
  [/^setup\.cfg$/, setupCfg],
  [/^Cargo\.toml$/, cargo],
  [/^go\.mod$/, goMod],
  [/^(Gemfile|gems\.rb)$|\.gemspec$/, gemfile],
  [/^pom\.xml$/, pom],
  [/^build\.gradle(\.kts)?$/, gradle],
  [/\.(csproj|fsproj|vbproj)$|^Directory\.(Packages|Build)\.props$|^packages\.config$/, msbuild],
];

function facts(requirements: readonly Requirement[]): Fact[] {
  return requirements.flatMap(requirementFacts);
}

/** Maps from name to version, or to a table that holds it. */
function sections(root: Tree, registry: Registry, names: readonly string[]): Fact[] {
  return names.flatMap((name) => {
    const section = child(root, name);
    return section?.kind === 'map'
      ? facts(section.entries.map(({ key, value, line }) => requirementOf(registry, key, value, line)))
      : [];
  });
}

function requirementOf(registry: Registry, name: string, value: Tree, line: number): Requirement {
  if (value.kind !== 'map') return { registry, name, line, ...versionOf(textOf(value)) };
  if (entry(value, 'path', 'workspace')) return { registry, name, line, version: 'path' };
  const address = textOf(child(value, 'git', 'url'));
  if (address !== undefined) return { registry, name, line, version: `git+${address}${revision(value)}` };
  const alias = textOf(child(value, 'package'));
  return { registry, name: alias ?? name, line, ...versionOf(textOf(child(value, 'version'))) };
}

function revision(value: Tree): string {
  const given = textOf(child(value, 'rev'));
  return given === undefined ? '' : `#${given}`;
}

function versionOf(version: string | undefined): { version?: string } {
  return version === undefined ? {} : { version };
}

function packageJson(text: string): Fact[] {
  const root = readJson(text);
  const scripts = child(root, 'scripts');
  const installs = (scripts?.kind === 'map' ? scripts.entries : []).filter(({ key }) =>
    /^(preinstall|install|postinstall)$/.test(key),
  );
  const names = ['dependencies', 'devdependencies', 'peerdependencies', 'optionaldependencies'];
  const aliased = names.flatMap((name) => {
    const section = child(root, name);
    return (section?.kind === 'map' ? section.entries : []).map(({ key, value, line }): Requirement => {
      const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(textOf(value) ?? '');
      return { registry: 'npm', name: alias?.[1] ?? key, line, ...versionOf(alias ? alias[2] : textOf(value)) };
    });
  });
  return [
    ...facts(aliased),
    ...installs.map(
      ({ key, value, line, endLine }): Fact => ({
        kind: 'sign',
        rule: 'dependency-added',
        pattern: 'install-script',
        detail: `${key} runs a command at each installation`,
        subject: `${key} ${textOf(value)}`,
        line,
        endLine,
      }),
    ),
  ];
}

const pythonRequirement = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(@\s*\S+|[^;#]*)/;

function pythonFact(text: string, line: number): Fact[] {
  const match = pythonRequirement.exec(text);
  if (!match) return [];
  const version = (match[2] ?? '')
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .replace(/^@\s*/, '')
    .replace(/\s*--hash.*$/, '')
    .replace(/\\$/, '')
    .trim();
  return requirementFacts({ registry: 'pypi', name: (match[1] as string).replace(/[_.]/g, '-'), version, line });
}

function requirementsTxt(text: string): Fact[] {
  return text.split('\n').flatMap((line, index) => {
    const bare = line.replace(/(^|\s)#.*$/, '');
    const address = /^\s*(?:-e\s+|--editable[ =])?((?:git\+|https?:\/\/)\S+)/.exec(bare)?.[1];
    if (address !== undefined) {
      const name = /#egg=([\w.-]+)/.exec(line)?.[1] ?? /([\w.-]+?)(?:\.git)?(?:@[^/]*)?$/.exec(address)?.[1] ?? address;
      return requirementFacts({ registry: 'pypi', name, version: address, line: index + 1 });
    }
    if (/^\s*--(extra-)?index-url|^\s*-i\s/.test(bare)) {
      return [
        {
          kind: 'sign',
          rule: 'dependency-added',
          pattern: 'other-registry',
          detail: 'packages come from another index',
          subject: bare.trim(),
          line: index + 1,
        } as const,
      ];
    }
    return /^\s*-/.test(bare) ? [] : pythonFact(bare, index + 1);
  });
}

/** Dependencies whose line is looked for; those beyond have the first. */
const maxLookups = 2_000;

/** The keys and values of TOML have no places in its parser: a line is looked for by what it holds. */
async function readToml(
  text: string,
): Promise<{ readonly value: Record<string, unknown>; readonly lineOf: (...parts: readonly string[]) => number }> {
  const { parse } = await import('smol-toml');
  const lines = text.split('\n');
  let lookups = 0;
  return {
    value: (await reading(() => parse(text))) as Record<string, unknown>,
    lineOf: (...parts) =>
      lookups++ < maxLookups
        ? lines.findIndex((line) => parts.every((part) => line.includes(part)) && !/^\s*#/.test(line)) + 1 || 1
        : 1,
  };
}

function table(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

type LineOf = (...parts: readonly string[]) => number;

function tomlSection(registry: Registry, section: unknown, lineOf: LineOf): Fact[] {
  return Object.entries(table(section)).flatMap(([name, value]) => {
    if (registry === 'pypi' && name === 'python') return [];
    const given = table(value);
    const address = given['git'] ?? given['url'];
    const version =
      typeof value === 'string'
        ? value
        : given['path'] !== undefined || given['workspace'] === true
          ? 'path'
          : address !== undefined
            ? `git+${String(address)}${typeof given['rev'] === 'string' ? `#${given['rev']}` : ''}`
            : typeof given['version'] === 'string'
              ? given['version']
              : undefined;
    const asked = typeof given['package'] === 'string' ? given['package'] : name;
    // Poetry's bare version is exact, its caret a range.
    return requirementFacts({
      registry,
      name: registry === 'pypi' ? asked.replace(/[_.]/g, '-') : asked,
      line: lineOf(name, '='),
      ...versionOf(version),
    });
  });
}

async function pyproject(text: string): Promise<Fact[]> {
  const { value, lineOf } = await readToml(text);
  const project = table(value['project']);
  const poetry = table(table(value['tool'])['poetry']);
  const lists = [
    ...strings(project['dependencies']),
    ...Object.values(table(project['optional-dependencies'])).flatMap(strings),
    ...Object.values(table(value['dependency-groups'])).flatMap(strings),
    ...strings(table(value['build-system'])['requires']),
    ...strings(table(table(value['tool'])['uv'])['dev-dependencies']),
  ];
  return [
    ...lists.flatMap((each) => pythonFact(each, lineOf(each))),
    ...tomlSection('pypi', poetry['dependencies'], lineOf),
    ...tomlSection('pypi', poetry['dev-dependencies'], lineOf),
    ...Object.values(table(poetry['group'])).flatMap((group) =>
      tomlSection('pypi', table(group)['dependencies'], lineOf),
    ),
  ];
}

async function pipfile(text: string): Promise<Fact[]> {
  const { value, lineOf } = await readToml(text);
  return [...tomlSection('pypi', value['packages'], lineOf), ...tomlSection('pypi', value['dev-packages'], lineOf)];
}

async function cargo(text: string): Promise<Fact[]> {
  const { value, lineOf } = await readToml(text);
  const targets = Object.values(table(value['target'])).map(table);
  return [value, table(value['workspace']), ...targets].flatMap((holder) =>
    ['dependencies', 'dev-dependencies', 'build-dependencies'].flatMap((name) =>
      tomlSection('crates', holder[name], lineOf),
    ),
  );
}

const setupKeys = /\b(?:install_requires|setup_requires|tests_require|extras_require)\s*=\s*(?:([A-Za-z_]\w*)|[[{(])/g;

/** The lists of requirements of a setup script, in place or by the name that they were given. */
function setupPy(text: string): Fact[] {
  const source = readSource(text, 'python');
  const { code, literals, lineAt, isCode } = source;
  const within = (open: number): Fact[] => {
    const end = closingOf(source, open);
    return literals
      .filter((literal) => literal.start > open && literal.end <= end && !/^\s*:/.test(code.slice(literal.end, end)))
      .flatMap((literal) => pythonFact(literal.text, lineAt(literal.start)));
  };
  return [...code.matchAll(setupKeys)].flatMap(({ 0: whole, 1: name, index }) => {
    if (!isCode(index)) return [];
    if (name === undefined) return within(index + whole.length - 1);
    const given = new RegExp(`^${name}\\s*(?::[^=\\n]{0,60})?=\\s*[[{(]`, 'm').exec(code);
    return given ? within(given.index + given[0].length - 1) : [];
  });
}

/** Where a bracket that is opened in code is closed; the end of the text where it is not. */
function closingOf({ code, literals }: Source, open: number): number {
  let depth = 0;
  let next = literals.findIndex(({ start }) => start >= open);
  for (let at = open; at < code.length; at++) {
    const literal = next < 0 ? undefined : literals[next];
    if (literal && at === literal.start) {
      at = literal.end - 1;
      next++;
    } else if (/[[({]/.test(code[at] as string)) depth++;
    else if (/[\])}]/.test(code[at] as string) && --depth === 0) return at;
  }
  return code.length;
}

/** Its options, and each list of its extras. */
function setupCfg(text: string): Fact[] {
  let [section, key] = ['', ''];
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*([#;]|$)/.test(line)) return [];
    const header = /^\[([^\]]*)\]/.exec(line);
    if (header) [section, key] = [(header[1] as string).trim(), ''];
    const given = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (given) key = given[1] as string;
    const isRequirement =
      section === 'options.extras_require' ||
      (section === 'options' && /^(install_requires|setup_requires|tests_require)$/.test(key));
    return isRequirement && key !== '' ? pythonFact(given ? (given[2] as string) : line, index + 1) : [];
  });
}

function goMod(text: string): Fact[] {
  let block: string | undefined;
  return text.split('\n').flatMap((line, index) => {
    const bare = line.replace(/\/\/.*$/, '').trim();
    const opened = /^(require|replace|exclude|retract|tool)\s*\($/.exec(bare);
    if (opened || bare === ')') {
      block = opened?.[1];
      return [];
    }
    const words = bare.split(/\s+/);
    const verb = block ?? words[0];
    const rest = block === undefined ? words.slice(1) : words;
    const isIndirect = /\/\/\s*indirect/.test(line);
    const [name, version] = rest;
    if (verb === 'require' && name !== undefined && version !== undefined && !isIndirect)
      return requirementFacts({ registry: 'go', name, version, line: index + 1 });
    const arrow = rest.indexOf('=>');
    const target = arrow < 0 ? undefined : rest[arrow + 1];
    if (verb === 'replace' && target !== undefined && !/^\.{0,2}\//.test(target)) {
      return [
        {
          kind: 'sign',
          rule: 'dependency-added',
          pattern: 'replaced-dependency',
          detail: `${(name ?? '').slice(0, 100)} comes from somewhere else`,
          subject: `${name} => ${target}`,
          line: index + 1,
        } as const,
      ];
    }
    return [];
  });
}

function gemfile(text: string): Fact[] {
  const { code, lineAt, isCode } = readSource(text, 'ruby');
  const gems = /^[^\S\n]*(?:\w+\.add_(?:runtime_|development_)?dependency|gem)[ (]+["']([\w.-]+)["']((?:,[^\n]*)?)/gm;
  return [...code.matchAll(gems)].flatMap((match) => {
    const offset = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
    if (!isCode(offset)) return [];
    const [, name = '', rest = ''] = match;
    if (/\bpath:/.test(rest)) return [];
    const isAddress = /\b(git|github|branch):/.test(rest);
    const version = isAddress
      ? 'git+https://'
      : [...rest.matchAll(/,\s*["']([^"']+)["']/g)].map((each) => each[1]).join(', ');
    return requirementFacts({ registry: 'rubygems', name, version, line: lineAt(offset) });
  });
}

/** Comments become blanks; each line stays. */
function xmlWithoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
}

function lineCounter(text: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    for (; at < offset; at++) if (text.charCodeAt(at) === 10) line++;
    return line;
  };
}

function pom(text: string): Fact[] {
  const xml = xmlWithoutComments(text);
  const lineAt = lineCounter(xml);
  const properties = new Map(
    [...xml.matchAll(/<([\w.-]+)>\s*([^<>\s]{1,60})\s*<\/\1>/g)].map((match) => [
      match[1] as string,
      match[2] as string,
    ]),
  );
  return [...xml.matchAll(/<(dependency|plugin|parent|extension)>([\s\S]{0,4000}?)<\/\1>/g)].flatMap((match) => {
    const body = match[2] as string;
    const tag = (name: string): string | undefined =>
      new RegExp(`<${name}>\\s*([^<>]*?)\\s*</${name}>`).exec(body)?.[1];
    const [group, artifact] = [tag('groupId'), tag('artifactId')];
    if (artifact === undefined || (group === undefined && match[1] !== 'plugin')) return [];
    const given = tag('version');
    const variable = /^\$\{([^}]+)\}$/.exec(given ?? '')?.[1];
    // Without a version a parent or a bill of materials holds it.
    const version =
      given === undefined ? '0.0.0' : variable === undefined ? given : (properties.get(variable) ?? '0.0.0');
    const line = lineAt(match.index);
    return requirementFacts({
      registry: 'maven',
      name: `${group ?? 'org.apache.maven.plugins'}:${artifact}`,
      version,
      line,
      endLine: line + match[0].split('\n').length - 1,
    });
  });
}

function gradle(text: string): Fact[] {
  const { literals, code } = readSource(text, 'java');
  return literals.flatMap(({ text: written, start, line }) => {
    const before = code.slice(Math.max(0, start - 120), start);
    const isDependency =
      /\b(?:\w*[iI]mplementation|\w*[aA]pi|compile|compileOnly|runtimeOnly|testRuntimeOnly|\w*CompileOnly|kapt|ksp|annotationProcessor|testAnnotationProcessor|classpath|debugImplementation|developmentOnly|platform|enforcedPlatform)\s*\(?\s*(?:platform\s*\(\s*|enforcedPlatform\s*\(\s*)?$/.test(
        before,
      );
    const [group, artifact, version] = written.split(':');
    if (isDependency && group && artifact)
      return requirementFacts({
        registry: 'maven',
        name: `${group}:${artifact}`,
        version: version === undefined || version.includes('$') ? '0.0.0' : version,
        line,
      });
    if (/\bid\s*\(?\s*$/.test(before) && written.includes('.')) {
      const given = /^\s*\)?\s*version\s*\(?\s*["']([^"']+)["']/.exec(
        code.slice(start + written.length + 2, start + written.length + 80),
      )?.[1];
      return given === undefined ? [] : requirementFacts({ registry: 'maven', name: written, version: given, line });
    }
    return [];
  });
}

function msbuild(text: string): Fact[] {
  const xml = xmlWithoutComments(text);
  const lineAt = lineCounter(xml);
  return [...xml.matchAll(/<(?:PackageReference|PackageVersion|package)\s([^<>]*)>/g)].flatMap((match) => {
    const attribute = (name: string): string | undefined =>
      new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(match[1] as string)?.[1];
    const name = attribute('Include') ?? attribute('id');
    return name === undefined
      ? []
      : requirementFacts({
          registry: 'nuget',
          name,
          version: attribute('Version') ?? '0.0.0',
          line: lineAt(match.index),
        });
  });
}

/** Modules and providers of Terraform, charts of Helm, actions of GitHub: what else a tree may ask for. */
export function treeRequirements(root: Tree, path: string): Fact[] {
  if (/\.tf$|\.tofu$/.test(path)) return terraform(root);
  if (/(^|\/)(docker-)?compose([.-][^/]*)?\.ya?ml$/.test(path)) return images(root);
  if (/(^|\/)(Chart|requirements)\.ya?ml$/.test(path)) return charts(root);
  return /(^|\/)\.github\/workflows\/[^/]+$|(^|\/)action\.ya?ml$/.test(path) ? actions(root) : [];
}

function terraform(root: Tree): Fact[] {
  if (root.kind !== 'map') return [];
  return root.entries.flatMap(({ key, value, line, endLine }) => {
    if (key === 'terraform') {
      const providers = child(value, 'requiredproviders');
      return providers?.kind === 'map'
        ? facts(
            providers.entries.map((provider) => ({
              registry: 'terraform',
              name: textOf(child(provider.value, 'source')) ?? provider.key,
              line: provider.line,
              endLine: provider.endLine,
              version: constraint(textOf(child(provider.value, 'version'))),
            })),
          )
        : [];
    }
    const source = key === 'module' ? textOf(child(value, 'source')) : undefined;
    if (source === undefined || /^\.{1,2}\//.test(source)) return [];
    const reference = /[?&]ref=([^&]+)/.exec(source)?.[1];
    const isAddress = /:\/\/|^git@|^github\.com|::/.test(source);
    const version = isAddress
      ? reference === undefined || !/\d/.test(reference)
        ? '*'
        : '1.0.0'
      : constraint(textOf(child(value, 'version')));
    return requirementFacts({ registry: 'terraform', name: source.replace(/[?&]ref=.*$/, ''), version, line, endLine });
  });
}

function constraint(version: string | undefined): string {
  return version ?? '*';
}

function charts(root: Tree): Fact[] {
  return facts(
    itemsOf(child(root, 'dependencies')).flatMap((item): Requirement[] => {
      const name = textOf(child(item, 'name'));
      const repository = textOf(child(item, 'repository')) ?? '';
      return name === undefined || repository.startsWith('file:')
        ? []
        : [
            {
              registry: 'helm',
              name,
              version: textOf(child(item, 'version')) ?? '*',
              line: item.line,
              endLine: item.endLine,
            },
          ];
    }),
  );
}

/** Images of services: one that stood at a version and no longer does. */
function images(root: Tree): Fact[] {
  const services = child(root, 'services');
  if (services?.kind !== 'map') return [];
  return services.entries.flatMap(({ key: service, value }): Fact[] => {
    const found = entry(value, 'image');
    const [, name, tag, digest] = /^([^\s$@]+?)(?::([^/:@]+))?(@sha256:\w+)?$/.exec(textOf(found?.value) ?? '') ?? [];
    if (!found || name === undefined) return [];
    const isHeld =
      digest !== undefined || (tag !== undefined && !/^(latest|main|master|edge|nightly|stable)$/.test(tag));
    return [
      {
        kind: 'level',
        rule: 'dependency-added',
        pattern: 'unpinned-image',
        detail: `${name.replace(/[^\w./@:-]/g, '?').slice(0, 80)} is no longer held to a version`,
        subject: `${service} ${name}`,
        value: isHeld ? 1 : 0,
        line: found.line,
        endLine: found.endLine,
      },
    ];
  });
}

/** Actions that stand at a branch, or at nothing: what they do may change at any time. */
function actions(root: Tree): Fact[] {
  const found: Fact[] = [];
  const visit = (tree: Tree): void => {
    if (tree.kind === 'list') for (const item of tree.items) visit(item);
    if (tree.kind !== 'map') return;
    for (const { key, value, line } of tree.entries) {
      if (plainName(key) === 'uses') {
        // What begins with a dot stands in the repository itself.
        const match = /^(\w[\w.-]*\/[\w./-]+)(?:@(.+))?$/.exec(textOf(value) ?? '');
        if (match) found.push(...actionFacts(match[1] as string, match[2], line));
      }
      visit(value);
    }
  };
  visit(root);
  return found;
}

function actionFacts(name: string, version: string | undefined, line: number): Fact[] {
  const [news, held] = requirementFacts({ registry: 'actions', name, ...versionOf(version), line });
  const isLoose = version === undefined || !/^[0-9a-f]{40}$|\d/.test(version);
  const unpinned = {
    ...(news as Fact),
    pattern: 'unpinned-action',
    detail: `${name.slice(0, 100)} stands at a branch`,
    subject: `actions ${name}@${version}`,
  };
  return [...(isLoose ? [unpinned] : []), ...(held && !isLoose ? [held] : [])];
}
