import {
  type Assignment,
  type CompoundList,
  type HereDocBody,
  type Redirection as ParsedRedirection,
  type ParsedScript,
  type Word as ParsedWord,
  parse,
  type SyntaxNode,
  type WordPart,
} from 'unbash';
import { invoke } from './invocation.ts';
import { type Input, literal, type Redirection, unknownText, type Word } from './simpleCommand.ts';
import type { Output, Scope, Walk } from './walk.ts';

/** More values than this of a loop's variable are not told apart. */
const maxLoopValues = 16;
/** Words that one word with braces may become, its length, and the lists that are written out. */
const maxBraceWords = 64;
const maxBraceLength = 1_000;
const maxBraceLists = 6;
/** A longer value of a variable is not kept: a script can double it with each line. */
const maxValueLength = 4_096;

/** Walks a script in the shell's language: Bash's, which is a superset of what other shells' commands mostly are. */
export function walkShell(walk: Walk, script: string, scope: Scope, input: Input): Output {
  return new ShellWalk(walk, script).parsed(parse(script), scope, input);
}

type Statements = CompoundList['commands'];

class ShellWalk {
  constructor(
    private readonly walk: Walk,
    private readonly source: string,
  ) {}

  /** A shell reads line by line: what stands on lines before an error is run. */
  parsed(script: ParsedScript, scope: Scope, input: Input): Output {
    const error = script.errors?.[0];
    if (!error) return this.statements(script.commands, scope, input);
    this.walk.incomplete = true;
    const line = (script.source ?? this.source).lastIndexOf('\n', error.pos - 1) + 1;
    return this.statements(
      script.commands.filter(({ end }) => end <= line),
      scope,
      input,
    );
  }

  private statements(statements: Statements, scope: Scope, input: Input): Output {
    return joined(statements.map(({ command }) => this.node(command, scope, input)));
  }

  private node(node: SyntaxNode | undefined, scope: Scope, input: Input): Output {
    if (!node || this.walk.isFull) return {};
    this.walk.step();
    switch (node.type) {
      case 'Command':
        return this.command(node, scope, input);
      case 'AndOr':
        return joined(node.commands.map((each) => this.node(each, scope, input)));
      case 'Pipeline': {
        let passed = input;
        for (const stage of node.commands) {
          passed = this.node(stage, node.commands.length > 1 ? scope.inner() : scope, passed);
        }
        return passed;
      }
      case 'Subshell':
        return this.statements(node.body.commands, scope.inner(), input);
      case 'BraceGroup':
        return this.statements(node.body.commands, scope, input);
      case 'CompoundList':
        return this.statements(node.commands, scope, input);
      case 'Redirected': {
        const redirections = this.redirections(node.redirects, scope, input);
        invoke(this.walk, scope, { words: [], redirections: redirections.files }, redirections.input);
        return this.node(node.command, scope, redirections.input);
      }
      case 'If':
        return joined(
          [node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), node.else].map((list) =>
            this.node(list, scope, input),
          ),
        );
      case 'While':
        return joined([node.clause, node.body].map((list) => this.node(list, scope, input)));
      case 'For':
      case 'Select': {
        const values = node.wordlist?.flatMap((word) => this.words(word, scope)) ?? [literal(unknownText)];
        const told = values.length <= maxLoopValues ? values : [literal(unknownText)];
        return joined(
          told.map((value) => {
            scope.variables.set(node.name.value, value);
            return this.node(node.body, scope, input);
          }),
        );
      }
      case 'ArithmeticFor':
        return this.node(node.body, scope, input);
      case 'Case':
        this.word(node.word, scope);
        return joined(node.items.map(({ body }) => this.node(body, scope, input)));
      // It may be called: what it would do then counts, though its arguments are not known.
      case 'Function':
        return this.node(node.body, scope.inner(), {});
      case 'Coproc':
        return this.node(node.body, scope.inner(), {});
      default:
        return {};
    }
  }

  private command(node: Extract<SyntaxNode, { type: 'Command' }>, scope: Scope, input: Input): Output {
    const redirections = this.redirections(node.redirects, scope, input);
    const assigned = node.prefix.filter((prefix) => prefix.type === 'Assignment');
    const words = [...(node.name ? [node.name] : []), ...node.args].flatMap((word) => {
      if (word.type !== 'Assignment') return this.words(word, scope);
      const value = this.assign(word, scope);
      return { ...value, text: `${word.name}=${value.text}` };
    });
    // Before a program they are set for it alone, and not yet as its words are read.
    const invoked = node.name && assigned.length > 0 ? scope.inner() : scope;
    for (const assignment of assigned) this.assign(assignment, invoked);
    return invoke(this.walk, invoked, { words, redirections: redirections.files }, redirections.input);
  }

  private assign({ name, value, append }: Assignment, scope: Scope): Word {
    const words = value.type === 'Word' ? [value] : value.elements;
    const read = words.map((word) => this.word(word, scope));
    const single = value.type === 'Word' && !append ? read[0] : undefined;
    const isKept = single !== undefined && single.text.length <= maxValueLength;
    const assigned = isKept ? single : { ...literal(unknownText), fetched: read.some(({ fetched }) => fetched) };
    scope.variables.set(name, assigned);
    return assigned;
  }

  private redirections(
    parsed: readonly ParsedRedirection[],
    scope: Scope,
    input: Input,
  ): { files: Redirection[]; input: Input } {
    const files: Redirection[] = [];
    let read = input;
    for (const each of parsed) {
      if (each.type === 'HereDoc') read = { text: this.bodyText(each.body, scope) };
      else if (each.target) {
        const target = this.word(each.target, scope);
        if (each.type === 'HereString') read = { text: target.text, fetched: target.fetched };
        else if (each.operator === '<' || each.operator === '<>') {
          files.push({ operator: '<', target });
          read = { fetched: target.fetched };
        } else if (!/^(\d+|-)$/.test(target.text)) {
          files.push({ operator: each.operator.endsWith('>>') ? '>>' : '>', target });
        }
      }
    }
    return { files, input: read };
  }

  private bodyText(body: HereDocBody, scope: Scope): string {
    return body.parts ? this.parts(body.parts, scope).text : body.text;
  }

  /** The words that one word becomes: more than one where it has braces. */
  private words(word: ParsedWord, scope: Scope): Word[] {
    const braces = word.parts?.find((part) => part.type === 'BraceExpansion');
    if (!braces) return [this.word(word, scope)];
    return braceWords(word.text).map((text) => {
      const parsed = parse(`: ${text}`).commands[0]?.command;
      const [inner] = parsed?.type === 'Command' ? parsed.args : [];
      return inner?.type === 'Word' ? this.word(inner, scope) : literal(unknownText);
    });
  }

  private word(word: ParsedWord, scope: Scope): Word {
    const read = word.parts ? this.parts(word.parts, scope) : literal(word.value);
    const home = scope.place.elsewhere ? undefined : this.walk.surroundings.home;
    if (!/^~($|\/)/.test(word.text) || home === undefined) return read;
    return { ...read, text: home + read.text.slice(1) };
  }

  private parts(parts: readonly WordPart[], scope: Scope): Word {
    const read = parts.map((part) => this.part(part, scope));
    return {
      text: read.map(({ text }) => text).join(''),
      variables: read.flatMap(({ variables }) => variables),
      fetched: read.some(({ fetched }) => fetched),
    };
  }

  private part(part: WordPart, scope: Scope): Word {
    switch (part.type) {
      case 'DoubleQuoted':
      case 'LocaleString':
        return this.parts(part.parts, scope);
      case 'SimpleExpansion':
        return this.variable(part.text.slice(1), scope);
      case 'ParameterExpansion': {
        const operand = part.operation && 'operand' in part.operation ? part.operation.operand : undefined;
        if (operand) this.word(operand, scope);
        const value = this.variable(part.parameter, scope);
        return part.operation || part.prefix || part.index ? { ...value, text: unknownText } : value;
      }
      case 'CommandExpansion':
      case 'ProcessSubstitution': {
        const output = part.script ? this.nested(part.script, scope) : {};
        const text = part.type === 'ProcessSubstitution' ? '/dev/fd/63' : output.text?.replace(/\n+$/, '');
        return { text: text ?? unknownText, variables: [], fetched: output.fetched === true };
      }
      case 'ArithmeticExpansion':
        return literal(unknownText);
      case 'ExtendedGlob':
      case 'BraceExpansion':
        return literal(part.text);
      default:
        return literal(part.value);
    }
  }

  private nested(script: ParsedScript, scope: Scope): Output {
    // Its positions are those of the whole source, but for what stood between escaped backticks.
    return this.parsed(script, scope.inner(), {});
  }

  private variable(name: string, scope: Scope): Word {
    const known = scope.variables.get(name);
    const { surroundings } = this.walk;
    const { place } = scope;
    const text = (): string | undefined => {
      if (name === 'PWD') return place.folder;
      if (place.elsewhere) return undefined;
      if (name === 'HOME') return surroundings.home;
      return /^(TMPDIR|TMP|TEMP)$/.test(name) ? surroundings.temporary[0] : undefined;
    };
    return { text: known?.text ?? text() ?? unknownText, variables: [name], fetched: known?.fetched ?? false };
  }
}

/** The outputs of commands one after the other. */
function joined(outputs: readonly Output[]): Output {
  const texts = outputs.map(({ text }) => text);
  return {
    ...(texts.length > 0 && texts.every((text) => text !== undefined) && { text: texts.join('') }),
    fetched: outputs.some(({ fetched }) => fetched),
    ...(outputs.length === 1 && outputs[0]?.paths && { paths: outputs[0].paths }),
  };
}

/** What a word with lists in braces is written out to: `a{b,c}` to `ab` and `ac`; as it is where that would be too much. */
function braceWords(text: string): string[] {
  if (text.length > maxBraceLength) return [text];
  let words = [text];
  for (let round = 0; round < maxBraceLists; round++) {
    const expanded = words.flatMap(firstListExpanded);
    if (expanded.length === words.length || expanded.length > maxBraceWords) break;
    words = expanded;
  }
  return words;
}

function firstListExpanded(text: string): string[] {
  const list = /(?<!\$)\{([^{}]*,[^{}]*)\}/.exec(text);
  if (!list) return [text];
  const [before, after] = [text.slice(0, list.index), text.slice(list.index + list[0].length)];
  return (list[1] as string).split(',').map((each) => before + each + after);
}
