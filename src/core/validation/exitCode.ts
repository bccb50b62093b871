import { type CompoundList, parse, type SyntaxNode } from 'unbash';

/** What a command line's exit code tells of its parts, each in the words of the line. */
export interface ToldByExitCode {
  /** All of these ended well where the whole did. */
  readonly ifPassed: readonly string[];
  /** The part that did not, where the whole did not and nothing else can be the reason. */
  readonly ifFailed: string | undefined;
  /** Whether the line runs nothing else: else something may have changed files before the part ran, or after it. */
  readonly isAlone: boolean;
}

const nothing: ToldByExitCode = { ifPassed: [], ifFailed: undefined, isAlone: false };

/** Shells within shells that are looked into. */
const maxDepth = 4;

/**
 * The parts of a shell's command line that its exit code tells of. `npm test | tail` ends as `tail` does, and
 * `npm test || true` always well: what they say of the tests is nothing.
 */
export function toldByExitCode(command: string): ToldByExitCode {
  return ofScript(command, maxDepth);
}

function ofScript(source: string, depth: number): ToldByExitCode {
  if (depth === 0) return nothing;
  const script = parse(source);
  return script.errors?.length ? nothing : ofStatements(script.commands, source, depth);
}

function ofStatements(statements: CompoundList['commands'], source: string, depth: number): ToldByExitCode {
  const last = statements.at(-1);
  if (!last || last.background) return nothing;
  const told = ofNode(last.command, source, depth);
  return { ...told, isAlone: told.isAlone && statements.slice(0, -1).every(({ command }) => isPreparation(command)) };
}

function ofNode(node: SyntaxNode, source: string, depth: number): ToldByExitCode {
  switch (node.type) {
    case 'AndOr':
      return node.operators.every((operator) => operator === '&&') ? ofAll(node.commands, source, depth) : nothing;
    case 'Pipeline': {
      const last = node.commands.at(-1);
      const isNegated = node.prefixes.some(({ type }) => type === 'Negation');
      if (!last || isNegated) return nothing;
      const told = ofNode(last, source, depth);
      return { ...told, isAlone: told.isAlone && node.commands.length === 1 };
    }
    case 'Subshell':
    case 'BraceGroup':
      return ofStatements(node.body.commands, source, depth);
    case 'Redirected':
      return ofNode(node.command, source, depth);
    case 'Command': {
      const inner = innerScript(node);
      if (inner !== undefined) return ofScript(inner, depth - 1);
      const text = source.slice(node.pos, node.end);
      // What runs within a substitution has an exit code of its own.
      return /\$\(|`|[<>]\(/.test(text) ? nothing : { ifPassed: [text], ifFailed: text, isAlone: true };
    }
    default:
      return nothing;
  }
}

/** Of a chain each part has passed where the whole has; where it has not, only what runs beside `cd` can be the reason. */
function ofAll(parts: readonly SyntaxNode[], source: string, depth: number): ToldByExitCode {
  const told = parts.filter((part) => !isPreparation(part)).map((part) => ofNode(part, source, depth));
  return {
    ifPassed: told.flatMap(({ ifPassed }) => ifPassed),
    ifFailed: told.length === 1 ? told[0]?.ifFailed : undefined,
    isAlone: told.length === 1 && told[0]?.isAlone === true,
  };
}

function isPreparation(node: SyntaxNode): boolean {
  return node.type === 'Command' && /^(cd|pushd|export|set|source|\.|true|:)$/.test(node.name?.value ?? '');
}

/** What `bash -c` is given. */
function innerScript({ name, args }: Extract<SyntaxNode, { type: 'Command' }>): string | undefined {
  if (!/^(.*\/)?(ba|z|da|k|a)?sh$/.test(name?.value ?? '')) return undefined;
  const option = args.findIndex((arg) => arg.type === 'Word' && /^-\w*c$/.test(arg.value));
  const script = option < 0 ? undefined : args[option + 1];
  return script?.type === 'Word' ? script.value : '';
}
