import { Arguments } from './arguments.ts';
import { resolvePath } from './paths.ts';
import { type Input, literal, type Redirection, unknownText, type Word } from './simpleCommand.ts';
import type { Output, Scope, Walk } from './walk.ts';
import { type Wrapper, wrappers } from './wrappers.ts';

/** A command as it is written: the program and its arguments, unless it is nothing but redirections. */
export interface Invocation {
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

const shells = /^(ba|z|da|k|fi|a)?sh$/;
const stageVariables = ['RAILS_ENV', 'RACK_ENV', 'APP_ENV', 'MIX_ENV', 'DEPLOY_ENV', 'ENVIRONMENT', 'STAGE'];
const codeRunners = /^(python|node|perl|ruby|php|deno|bun|pwsh|powershell|lua|tclsh|osascript)$/;

/** Takes a command into the walk, and what it runs in its turn; says what it leaves on its standard output. */
export function invoke(walk: Walk, scope: Scope, invocation: Invocation, input: Input): Output {
  const [first, ...rest] = invocation.words;
  const { redirections } = invocation;
  if (!first) return add(walk, scope, '', [], redirections, input);
  const [program, ...given] = programWords(first.text);
  const words = [...given.map(literal), ...rest];
  const runsFetched = isFetchedFile(scope, first);
  const invoked = { program, words, redirections, runsFetched };

  if (program === 'cd' || program === 'pushd') changeFolder(scope, words);
  if (program === 'find') return find(walk, scope, invoked, input);
  if (shells.test(program)) return shell(walk, scope, invoked, input);
  if (program === 'source' || program === '.') {
    const code = words[0];
    if (code?.text === '/dev/stdin') return shellInput(walk, scope, invoked, input);
    const isFetched = code !== undefined && (code.fetched || isFetchedFile(scope, code));
    return add(walk, scope, program, words, redirections, input, isFetched);
  }
  if (/^(iex|invoke-expression)$/.test(program)) {
    const code = words[0];
    if (code && !code.fetched) walk.script('powershell', code.text, scope, {});
    const isFetched = code ? words.some(({ fetched }) => fetched) : input.fetched === true;
    return add(walk, scope, program, words, redirections, input, isFetched);
  }
  if (/^(powershell|pwsh|cmd)$/.test(program)) return powershell(walk, scope, invoked, input);
  if (codeRunners.test(program)) return runCode(walk, scope, invoked, input);
  const wrapper = wrapperOf(program, words);
  if (wrapper) return wrapped(walk, scope, invoked, wrapper, input);
  return add(walk, scope, program, words, redirections, input, runsFetched);
}

interface Invoked {
  readonly program: string;
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
  readonly runsFetched: boolean;
}

/** The program's name alone, and what else a name stands for. */
function programWords(path: string): [string, ...string[]] {
  const name = (path.split(/[/\\]/).at(-1) ?? '').replace(/\.(exe|cmd|bat)$/i, '');
  const isPowerShell = /^[A-Za-z]+-[A-Za-z]+$/.test(name) && /^[A-Z]/.test(name);
  const known = isPowerShell ? name.toLowerCase() : name.replace(/^(python|pip|pytest|php)[\d.]+$/, '$1');
  switch (known) {
    case 'docker-compose':
    case 'podman-compose':
      return ['docker', 'compose'];
    case 'podman':
      return ['docker'];
    case 'mvnw':
    case 'gradlew':
      return [known.slice(0, -1)];
    case 'sls':
      return ['serverless'];
    case 'flyctl':
      return ['fly'];
    case 'oc':
      return ['kubectl'];
    default:
      return [known];
  }
}

function add(
  walk: Walk,
  scope: Scope,
  program: string,
  words: readonly Word[],
  redirections: readonly Redirection[],
  input: Input,
  runsFetched = false,
): Output {
  const stage = stageVariables.map((name) => scope.variables.get(name)?.text).find((text) => text !== undefined);
  walk.add({ program, words, redirections, input, place: scope.place, stage, runsFetched });
  const output = outputOf(walk, scope, program, words, input);
  for (const { operator, target } of redirections) {
    if (operator !== '<' && output.fetched) noteFetched(scope, target.text);
  }
  return redirections.some(({ operator }) => operator !== '<') && program !== 'tee' ? {} : output;
}

function isFetchedFile(scope: Scope, { text }: Word): boolean {
  const resolved = resolvePath(text, scope.place.folder ?? '/');
  return resolved !== undefined && scope.fetchedFiles.has(resolved);
}

function noteFetched(scope: Scope, path: string): void {
  const resolved = resolvePath(path, scope.place.folder ?? '/');
  if (resolved !== undefined) scope.fetchedFiles.add(resolved);
}

function changeFolder(scope: Scope, words: readonly Word[]): void {
  const target = words.find(({ text }) => text === '-' || !text.startsWith('-'));
  const isKnown = target && target.text !== '-' && !target.text.includes(unknownText) && !target.text.startsWith('~');
  const folder = isKnown ? resolvePath(target.text, scope.place.folder) : undefined;
  scope.place = { ...scope.place, folder };
}

/** What a command leaves on its standard output. */
function outputOf(walk: Walk, scope: Scope, program: string, words: readonly Word[], input: Input): Output {
  const { surroundings } = walk;
  const options = new Arguments(program, words);
  const operands = options.operands.map(({ text }) => text);
  switch (program) {
    case 'echo':
    case 'printf':
    case 'write-output': {
      const printed = words.filter(({ text }) => !/^-[neE]+$/.test(text));
      const text = printed.map((word) => word.text).join(' ');
      return { text, fetched: printed.some(({ fetched }) => fetched) };
    }
    case 'cat':
      if (operands.every((path) => path === '-')) return input;
      return { fetched: options.operands.some((word) => word.fetched || isFetchedFile(scope, word)) };
    case 'tee':
      if (input.fetched) for (const path of operands) noteFetched(scope, path);
      return input;
    case 'curl':
      return fetchedBy(scope, {
        files: options.valuesOf('-o', '--output'),
        named: options.has('-O') || options.has('--remote-name') || options.has('--remote-name-all'),
        operands,
      });
    case 'wget':
      return fetchedBy(scope, {
        files: options.valuesOf('-O', '-o', '--output-document').filter(({ text }) => text !== '-'),
        named: !options.valuesOf('-O', '--output-document').length && !words.some(({ text }) => /^-\w*O-$/.test(text)),
        operands,
      });
    case 'irm':
    case 'iwr':
    case 'invoke-restmethod':
    case 'invoke-webrequest':
      return { fetched: !options.has('-outfile') };
    case 'http':
    case 'https':
      return { fetched: true };
    case 'mktemp':
      return { text: `${surroundings.temporary[0] ?? '/tmp'}/${unknownText}` };
    case 'pwd':
      return scope.place.folder === undefined ? {} : { text: scope.place.folder };
    case 'git':
      if (operands[0] === 'ls-files') return { paths: ['listed'] };
      return words.some(({ text }) => text === '--show-toplevel') && surroundings.top !== undefined
        ? { text: surroundings.top }
        : {};
    case 'grep':
    case 'rg':
    case 'fd':
      if (options.has('-l') || program === 'fd') return { paths: ['listed'] };
      return { fetched: input.fetched === true };
    case 'get-childitem':
    case 'gci':
    case 'dir':
    case 'ls':
      return {
        paths: operands.length > 0 && program !== 'ls' ? operands : ['.'],
        ...(program === 'ls' && { paths: [] }),
      };
    default:
      return { fetched: input.fetched === true, ...(input.paths && { paths: input.paths }) };
  }
}

function fetchedBy(
  scope: Scope,
  { files, named, operands }: { files: readonly Word[]; named: boolean; operands: readonly string[] },
): Output {
  for (const { text } of files) noteFetched(scope, text);
  if (files.length > 0) return {};
  if (!named) return { fetched: true };
  for (const address of operands) noteFetched(scope, /([^/?#]*)([?#].*)?$/.exec(address)?.[1] ?? '');
  return {};
}

/** Shell text in which what is not known stays so. */
function scriptText(text: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable that nobody sets
  return text.replaceAll(unknownText, '${_}');
}

function shell(walk: Walk, scope: Scope, { program, words, redirections, runsFetched }: Invoked, input: Input): Output {
  let isText = false;
  let at = 0;
  for (; at < words.length && /^[-+]./.test((words[at] as Word).text); at++) {
    const option = (words[at] as Word).text;
    if (/^-[a-z]*c[a-z]*$/.test(option)) isText = true;
    if (option === '-s') return shellInput(walk, scope, { program, words, redirections, runsFetched }, input);
    if (/^[-+][oO]$/.test(option)) at++;
  }
  const code = words[at];
  if (code === undefined) return shellInput(walk, scope, { program, words, redirections, runsFetched }, input);
  if (/^(-|\/dev\/stdin)$/.test(code.text))
    return shellInput(walk, scope, { program, words, redirections, runsFetched }, input);
  if (!isText) {
    const isFetched = runsFetched || code.fetched || isFetchedFile(scope, code);
    const ran = programWords(code.text)[0];
    add(walk, scope, program, words.slice(0, at + 1), redirections, input, isFetched);
    return add(walk, scope, ran, words.slice(at + 1), [], input);
  }
  add(walk, scope, program, [], redirections, input, code.fetched);
  const inner = scope.inner();
  words.slice(at + 1).forEach((word, i) => {
    inner.variables.set(String(i), word);
  });
  return walk.script('shell', scriptText(code.text), inner, input);
}

/** A shell that reads its script from its standard input. */
function shellInput(walk: Walk, scope: Scope, { program, words, redirections }: Invoked, input: Input): Output {
  const file = redirections.find(({ operator }) => operator === '<');
  const isFetched = input.fetched === true || (file !== undefined && isFetchedFile(scope, file.target));
  add(walk, scope, program, words, redirections, input, isFetched);
  return input.text === undefined ? {} : walk.script('shell', scriptText(input.text), scope.inner(), {});
}

function powershell(walk: Walk, scope: Scope, invoked: Invoked, input: Input): Output {
  const { program, words, redirections } = invoked;
  const flag = program === 'cmd' ? /^\/[ck]$/i : /^-(c|command)$/i;
  const at = words.findIndex(({ text }) => flag.test(text));
  if (at < 0) return runCode(walk, scope, invoked, input);
  const code = words.slice(at + 1);
  add(
    walk,
    scope,
    program,
    words.slice(0, at),
    redirections,
    input,
    code.some(({ fetched }) => fetched),
  );
  return walk.script('powershell', code.map(({ text }) => text).join(' '), scope.inner(), input);
}

/** Python, Node and the like: code in an option, in a module, in a file or on standard input. */
function runCode(walk: Walk, scope: Scope, invoked: Invoked, input: Input): Output {
  const { program, words, redirections } = invoked;
  const options = new Arguments(program, words);
  const hasCode = words.some(({ text }) => /^(-[a-z]*[cepr]|--eval|--print)$/.test(text) && !/^-(m|r)$/.test(text));
  const module = program === 'python' ? options.valueOf('-m') : undefined;
  const file = hasCode || module ? undefined : options.operands[0];
  const readsInput = !hasCode && !module && (file === undefined || file.text === '-');
  const isFetched =
    (hasCode && words.some(({ fetched }) => fetched)) ||
    (readsInput && input.fetched === true) ||
    (file !== undefined && (file.fetched || isFetchedFile(scope, file)));
  const output = add(walk, scope, program, words, redirections, input, isFetched);
  if (hasCode) {
    for (const { text } of words) {
      for (const command of commandsInCode(text)) walk.script('shell', command, scope.inner(), {});
    }
  }
  if (module) {
    const inner = words.slice(words.indexOf(module));
    return walk.within(() => invoke(walk, scope, { words: inner, redirections: [] }, input));
  }
  if (program === 'bun') {
    const wrapper = wrapperOf(program, words);
    if (wrapper) return wrapped(walk, scope, invoked, wrapper, input);
  }
  if (file && /^(script|deploy)/.test(file.text.split('/').at(-1) ?? '')) {
    add(walk, scope, programWords(file.text)[0], options.operands.slice(1), [], input);
  }
  return hasCode || readsInput ? {} : output;
}

/** Commands that code hands to a shell in so many words. */
function commandsInCode(code: string): string[] {
  const call = /\b(?:os\.system|os\.popen|subprocess\.\w+|execSync|exec|system|shell_exec)\s*\(?\s*(['"])(.*?)\1/g;
  return [...code.matchAll(call)].map((found) => found[2] as string);
}

function wrapperOf(program: string, words: readonly Word[]): { wrapper: Wrapper; options: Arguments } | undefined {
  const candidates = wrappers.get(program);
  if (!candidates) return undefined;
  const options = new Arguments(program, words);
  const wrapper = candidates.find(
    ({ after = [], not = [] }) =>
      after.every((text, i) => options.operands[i]?.text === text) && !not.some((name) => options.has(name)),
  );
  return wrapper && { wrapper, options };
}

function wrapped(
  walk: Walk,
  scope: Scope,
  { program, words, redirections, runsFetched }: Invoked,
  { wrapper, options }: { wrapper: Wrapper; options: Arguments },
  input: Input,
): Output {
  const target = wrapper.elsewhere ? scope.elsewhere() : scope;
  if (wrapper.option) {
    add(walk, scope, program, words, redirections, input);
    const code = options.valueOf(...wrapper.option);
    return code ? walk.script('shell', scriptText(code.text), target.inner(), input) : {};
  }
  let first = (wrapper.after?.length ?? 0) + (wrapper.skip ?? 0);
  if (/^(cross-)?env$/.test(program)) {
    while (/^\w+=/.test(options.operands[first]?.text ?? '')) first++;
  }
  const at = options.positions[first];
  if (at === undefined) return add(walk, scope, program, words, redirections, input, runsFetched);
  const inner = words.slice(at);
  add(walk, scope, program, wrapper.itself ? words : words.slice(0, at), redirections, {});
  if (wrapper.text) {
    const text = program === 'trap' ? (inner[0] as Word).text : inner.map((word) => word.text).join(' ');
    if (inner.some(({ fetched }) => fetched)) add(walk, scope, program, [], [], input, true);
    return walk.script('shell', scriptText(text), target, input);
  }
  return walk.within(() =>
    program === 'xargs' || program === 'parallel'
      ? eachInput(walk, target, inner, options.valueOf('-I'), input)
      : invoke(walk, target, { words: inner, redirections: [] }, input),
  );
}

/** `xargs`: the inner command gets as arguments what comes on standard input. */
function eachInput(walk: Walk, scope: Scope, inner: readonly Word[], mark: Word | undefined, input: Input): Output {
  const paths = input.paths && input.paths.length > 0 ? input.paths : [unknownText];
  const given = paths.map((text): Word => ({ text, variables: [], fetched: input.fetched === true }));
  const words =
    mark === undefined
      ? [...inner, ...given]
      : inner.flatMap((word) =>
          word.text.includes(mark.text)
            ? given.map((each) => ({ ...each, text: word.text.replaceAll(mark.text, each.text) }))
            : [word],
        );
  return invoke(walk, scope, { words, redirections: [] }, {});
}

/** `find`: where it looks, and the commands that it runs on what it finds. */
function find(walk: Walk, scope: Scope, { program, words, redirections }: Invoked, input: Input): Output {
  const expression = words.findIndex(({ text }) => /^[-(!]/.test(text));
  const roots = (expression < 0 ? words : words.slice(0, expression)).map(({ text }) => text);
  const named = words[words.findIndex(({ text }) => text === '-name') + 1]?.text ?? '';
  const name = words.some(({ text }) => text === '-name') && /^[\w.-]+$/.test(named) ? named : 'found';
  const found = (roots.length > 0 ? roots : ['.']).map((root) => `${root}/${name}`);
  const isRun = (word: Word) => /^-(exec|execdir|ok|okdir)$/.test(word.text);
  for (let at = words.findIndex(isRun); at >= 0; ) {
    const rest = words.slice(at + 1);
    const end = rest.findIndex(({ text }) => text === ';' || text === '+');
    const inner = (end < 0 ? rest : rest.slice(0, end)).flatMap((word) =>
      word.text.includes('{}') ? found.map((path) => ({ ...word, text: word.text.replaceAll('{}', path) })) : [word],
    );
    walk.within(() => invoke(walk, scope, { words: inner, redirections: [] }, {}));
    const next = end < 0 ? -1 : rest.slice(end).findIndex(isRun);
    at = next < 0 ? -1 : at + 1 + end + next;
  }
  add(walk, scope, program, words, redirections, input);
  return { paths: found };
}
