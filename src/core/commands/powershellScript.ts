import { invoke } from './invocation.ts';
import { type Input, literal, unknownText, type Word } from './simpleCommand.ts';
import type { Output, Scope, Walk } from './walk.ts';

/**
 * Walks a script in PowerShell's language, or `cmd.exe`'s one-liners. There is no parser for it as a library that is small
 * enough; this reads what a command line is made of: pipelines, quotes, groups, blocks and variables. Of expressions it
 * only takes the commands within.
 */
export function walkPowerShell(walk: Walk, script: string, scope: Scope, input: Input): Output {
  return new PowerShellWalk(walk, script, scope).pipelines(input, 0);
}

/** Commands that are PowerShell's or `cmd.exe`'s alone. */
export function isPowerShell(program: string): boolean {
  return /^([a-z]+-[a-z]+|iex|irm|iwr|gci|gc|ri|rd|del|erase)$/.test(program) && powershellName.test(program);
}

const powershellName =
  /^((get|set|remove|new|add|clear|invoke|start|stop|write|select|format|copy|move|out|import|export|test|join|split|convertto|convertfrom|where|foreach|sort|measure|restart|rename|expand|compress|install|uninstall|update|enable|disable|grant|revoke|unblock|stop)-[a-z]+|iex|irm|iwr|gci|gc|ri|rd|del|erase)$/;

/** Groups within groups. */
const maxNesting = 32;

class PowerShellWalk {
  #at = 0;

  constructor(
    private readonly walk: Walk,
    private readonly source: string,
    private readonly scope: Scope,
  ) {}

  /** Statements up to the end, or to the bracket that closes a group. */
  pipelines(input: Input, nesting: number): Output {
    let passed = input;
    let output: Output = {};
    let words: Word[] = [];
    const end = (): void => {
      if (words.length > 0) output = this.command(words, passed);
      words = [];
    };
    while (this.#at < this.source.length && !this.walk.isFull) {
      const character = this.source[this.#at] as string;
      if (character === ')' || character === '}') break;
      if (character === '#') this.skipLine();
      else if (character === ';' || character === '\n' || character === '&') {
        end();
        passed = input;
        this.#at++;
      } else if (character === '|') {
        end();
        passed = this.source[this.#at + 1] === '|' ? input : output;
        this.#at += this.source[this.#at + 1] === '|' ? 2 : 1;
      } else if (/\s/.test(character)) this.#at++;
      else words.push(this.word(nesting));
    }
    end();
    return output;
  }

  private command(words: readonly Word[], input: Input): Output {
    const isAssignment = words.length > 1 && words[1]?.text === '=';
    const own = isAssignment ? words.slice(2) : words;
    // A value alone is what a pipeline begins with.
    if (own.length === 1 && own[0]?.fetched) return { fetched: true };
    return own.length === 0 ? {} : invoke(this.walk, this.scope, { words: own, redirections: [] }, input);
  }

  private word(nesting: number): Word {
    let text = '';
    let isFetched = false;
    const variables: string[] = [];
    while (this.#at < this.source.length) {
      const character = this.source[this.#at] as string;
      if (/[\s;|)}]/.test(character) || (character === '&' && text === '')) break;
      if (character === "'" || character === '"') text += this.quoted(character, variables);
      else if (character === '(' || character === '{') {
        const group = this.group(nesting);
        isFetched ||= group.fetched === true;
        text += unknownText;
      } else if (character === '$' || character === '@') text += this.variable(variables);
      else if (character === '`') {
        text += this.source[this.#at + 1] ?? '';
        this.#at += 2;
      } else {
        text += character;
        this.#at++;
      }
    }
    // A method that fetches is called on what a group gave.
    return { text, variables, fetched: isFetched || /\.download(string|data)\0/i.test(text) };
  }

  private group(nesting: number): Output {
    this.#at++;
    if (nesting >= maxNesting) {
      this.walk.incomplete = true;
      this.#at = this.source.length;
      return {};
    }
    const output = this.pipelines({}, nesting + 1);
    this.#at++;
    return output;
  }

  private quoted(quote: string, variables: string[]): string {
    let text = '';
    this.#at++;
    while (this.#at < this.source.length) {
      const character = this.source[this.#at] as string;
      if (character === quote) {
        this.#at++;
        if (this.source[this.#at] !== quote) return text;
        text += quote;
        this.#at++;
      } else if (quote === '"' && character === '$') text += this.variable(variables);
      else if (quote === '"' && character === '`') {
        text += this.source[this.#at + 1] ?? '';
        this.#at += 2;
      } else {
        text += character;
        this.#at++;
      }
    }
    return text;
  }

  private variable(variables: string[]): string {
    const found = /^[$@]\{?(env:)?(\w+)\}?/i.exec(this.source.slice(this.#at, this.#at + 100));
    if (!found) {
      this.#at++;
      return '';
    }
    this.#at += found[0].length;
    const name = found[2] as string;
    variables.push(name);
    const { home, temporary } = this.walk.surroundings;
    if (/^(home|userprofile)$/i.test(name)) return home ?? unknownText;
    if (/^(temp|tmp)$/i.test(name)) return temporary[0] ?? unknownText;
    return found[1] ? unknownText : (this.scope.variables.get(name) ?? literal(unknownText)).text;
  }

  private skipLine(): void {
    const end = this.source.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.source.length : end;
  }
}
