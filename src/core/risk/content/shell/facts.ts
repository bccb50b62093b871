import type { CompoundList, Word as ParsedWord, SyntaxNode } from 'unbash';
import type { classifyCommand as Classify } from '../../../commands/classify.ts';
import type { Sign } from '../fact.ts';
import { LineIndex } from '../trees/lines.ts';
import { reading, UnreadableError } from '../unreadable.ts';
import { commandPatterns, isForPassingDatabase, type ScriptPlace, tellsOfClassifier } from './patterns.ts';

/** Scripts longer than this, and commands beyond this number of a script, are not looked at. */
const maxScriptLength = 400_000;
const maxCommands = 3_000;
/** What is known before a command, in characters. */
const maxKnown = 600;
/** Commands of one script that the patterns are asked about. */
const maxAsked = 500;

/** What a script does, command by command. @throws UnreadableError for one that is too long */
export async function commandFacts(script: string, firstLine = 1, place: ScriptPlace = {}): Promise<Sign[]> {
  if (!mayTell.test(script)) return [];
  if (script.length > maxScriptLength) throw new UnreadableError(`a script longer than ${maxScriptLength} characters`);
  const [{ parse }, { classifyCommand }] = await Promise.all([
    import('unbash'),
    import('../../../commands/classify.ts'),
  ]);
  const source = script.replaceAll('\r\n', '\n');
  const parsed = await reading(() => parse(source));
  const lines = new LineIndex(source);
  const commands: Command[] = [];
  collect(parsed.commands, source, commands, { known: '' });
  let asked = 0;
  const signs = commands.flatMap((command, at) => {
    if (!mayTell.test(command.text) || ++asked > maxAsked) return [];
    const found = signsOf(command, lines, firstLine, place, classifyCommand);
    return found.length > 0 && undoes(command, commands.slice(0, at))
      ? found.filter(({ pattern }) => pattern !== 'destructive-command')
      : found;
  });
  if (asked > maxAsked) place.onLeftOut?.(`more than ${maxAsked} commands that could say something`);
  else if (commands.length >= maxCommands) place.onLeftOut?.(`more than ${maxCommands} commands`);
  return signs;
}

/** Words of what the patterns and the classifier tell of: without any of them there is nothing to find. */
const mayTell =
  /\b(?:\w*auth\w*|AUTH\w*|POSTGRES_HOST_AUTH_METHOD|MYSQL_ALLOW_EMPTY_PASSWORD|protected-mode|skip-grant-tables|PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords|umask|install|mkdir|rm|rmdir|shred|dd|mkfs\w*|wipefs|find|truncate|drop\w*|DROP|DELETE|TRUNCATE|GRANT|delete\w*|destroy\w*|terminate\w*|purge|prune|push|flush\w*|reset|clean|uninstall|remove\w*|rb|down|rollback|migrate|chmod|chown|setfacl|sudoers|NOPASSWD|usermod|gpasswd|adduser|setenforce|iptables|ufw|nft|curl|wget|insecure|no-check-certificate|sslVerify|strict-ssl|NODE_TLS_REJECT_UNAUTHORIZED|GIT_SSL_NO_VERIFY|PYTHONHTTPSVERIFY|trusted-host|StrictHostKeyChecking|privileged|cap-add|docker|podman|kubectl|helm|aws|gcloud|gsutil|az|terraform|tofu|pulumi|authorize\w*|pip3?|npm|yarn|pnpm|gem|cargo|go|npx|uvx?|force\w*|replace|rsync|psql|mysql|mongo\w*|redis-cli|setcap|doas|passwd|apt-get|apt|ssh\w*|openssl|http|unlink|zfs|lvremove|vgremove)\b|0\.0\.0\.0\/0|-[kK]\b/;

const making =
  /\b(create\w*|mkdir|mktemp|clone|init|tar|unzip|mkfifo|docker run|kubectl apply|virtualenv|venv|export)\b/;

/** A command that takes away what a command before it made. */
function undoes({ words }: Command, before: readonly Command[]): boolean {
  const target = words.findLast((word) => !word.startsWith('-') && word !== '|');
  if (target === undefined || target.length < 3) return false;
  return before.some(
    ({ text, words: earlier }) => earlier.includes(target) && making.test(text) && !/^\s*cd\b/.test(text),
  );
}

interface Command {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  readonly words: readonly string[];
  readonly known: string;
}

interface Known {
  known: string;
}

/** Each pipeline as a whole, with the assignments and changes of folder that stand before it. */
function collect(statements: CompoundList['commands'], source: string, found: Command[], state: Known): void {
  for (const { command } of statements) collectNode(command, source, found, state);
}

function collectNode(node: SyntaxNode | undefined, source: string, found: Command[], state: Known): void {
  if (!node || found.length >= maxCommands) return;
  const lists = (...each: (SyntaxNode | CompoundList | undefined)[]): void => {
    for (const list of each) if (list) collectNode(list as SyntaxNode, source, found, state);
  };
  switch (node.type) {
    case 'AndOr':
      for (const each of node.commands) collectNode(each, source, found, state);
      return;
    case 'CompoundList':
      collect(node.commands, source, found, state);
      return;
    case 'Subshell':
    case 'BraceGroup':
    case 'Function':
    case 'ArithmeticFor':
    case 'Coproc':
      lists(node.body as SyntaxNode);
      return;
    case 'If':
      lists(node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), node.else);
      return;
    case 'While':
      lists(node.clause, node.body);
      return;
    case 'For':
    case 'Select':
      lists(node.body);
      return;
    case 'Case':
      for (const { body } of node.items) lists(body);
      return;
    case 'Redirected':
      lists(node.command);
      return;
    default:
      break;
  }
  const end = endOf(node);
  const text = source.slice(node.pos, end);
  const words =
    node.type === 'Command'
      ? wordsOf(node)
      : node.type === 'Pipeline'
        ? node.commands.flatMap((each) => (each.type === 'Command' ? [...wordsOf(each), '|'] : []))
        : [];
  found.push({ text, offset: node.pos, end, words, known: state.known });
  const isKept =
    node.type === 'Command' && (!node.name || /^(cd|export|readonly|local|declare|pushd)$/.test(node.name.value ?? ''));
  if (isKept && text.length < 300 && state.known.length + text.length < maxKnown) state.known += `${text}\n`;
}

/** With the bodies of its here-documents. */
function endOf(node: SyntaxNode): number {
  if (node.type === 'Pipeline') return Math.max(node.end, ...node.commands.map(endOf));
  if (node.type !== 'Command') return node.end;
  return Math.max(
    node.end,
    ...node.redirects.map((each) => (each.type === 'HereDoc' ? (each.closing?.end ?? each.body.end) : each.end)),
  );
}

function wordsOf(node: Extract<SyntaxNode, { type: 'Command' }>): string[] {
  const word = (each: ParsedWord): string => each.value ?? each.text;
  return [
    ...node.prefix.map((prefix) => ('text' in prefix ? String(prefix.text) : '')),
    ...(node.name ? [word(node.name)] : []),
    ...node.args.map((arg) =>
      'value' in arg && typeof arg.value === 'string' ? arg.value : (arg as { text: string }).text,
    ),
  ];
}

function signsOf(
  { text, offset, end, words, known }: Command,
  lines: LineIndex,
  firstLine: number,
  place: ScriptPlace,
  classify: typeof Classify,
): Sign[] {
  const [line, endLine] = [
    lines.lineAt(offset) + firstLine - 1,
    lines.lineAt(Math.max(offset, end - 1)) + firstLine - 1,
  ];
  const subject = text.replace(/\s+/g, ' ').slice(0, 400);
  const found = new Map<string, Sign>();
  const add = ({ rule, pattern, detail }: Pick<Sign, 'rule' | 'pattern' | 'detail'>): void => {
    found.set(`${rule} ${pattern}`, { kind: 'sign', rule, pattern, detail, subject, line, endLine });
  };
  for (const pattern of commandPatterns) if (pattern.matches(words, text, place)) add(pattern);
  for (const told of tellsOfClassifier(text, known, place, classify)) add(told);
  const signs = [...found.values()];
  return isForPassingDatabase(words, text, place) ? signs.filter(({ rule }) => rule !== 'destructive-change') : signs;
}
