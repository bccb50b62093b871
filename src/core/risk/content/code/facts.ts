import type { Sign } from '../fact.ts';
import { type Hunk, hunksOf } from '../hunks.ts';
import { commandFacts } from '../shell/facts.ts';
import { sqlFacts } from '../sql/facts.ts';
import { codePatterns, codeStems } from './patterns.ts';
import { removals } from './removals.ts';
import { type Literal, readSource, type Source } from './source.ts';

/** How far around a match its surroundings go. */
const nearby = 300;

/** What source code says on and around some of its lines. */
export async function codeFacts(text: string, language: string, lines: readonly number[]): Promise<Sign[]> {
  const hunks = hunksOf(text, lines, codeStems);
  if (hunks.length === 0) return [];
  const source = readSource(text, language);
  const isLooked = (line: number): boolean => hunks.some(({ first, last }) => line >= first && line <= last);
  const signs = hunks.flatMap((hunk) => patternFacts(source, hunk));
  const made = new Set<string>();
  const embedded: Sign[] = [];
  for (const literal of joinedLiterals(source)) {
    const isOfHunk = isLooked(literal.line) || isLooked(literal.endLine);
    if (isOfHunk) embedded.push(...(await embeddedFacts(source, literal, made)));
    else if (/^\s*CREATE\b/i.test(literal.text)) sqlFacts(literal.text, literal.line, made);
  }
  for (const hunk of hunks) signs.push(...removals(source, hunk));
  const all = [...signs, ...embedded];
  return withoutWayBack(source, all);
}

function patternFacts({ code, lineAt, isCode }: Source, { start, end }: Hunk): Sign[] {
  const looked = code.slice(start, end);
  const found = new Map<string, Sign>();
  for (const { rule, pattern, detail, code: expression, near, unless } of codePatterns) {
    expression.lastIndex = 0;
    for (let match = expression.exec(looked); match; match = expression.exec(looked)) {
      if (match[0] === '') expression.lastIndex++;
      const offset = start + match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
      if (!isCode(offset)) continue;
      const around = code.slice(Math.max(0, offset - nearby), offset + match[0].length + nearby);
      if ((near && !near.test(around)) || unless?.test(around)) continue;
      const [line, endLine] = [lineAt(offset), lineAt(start + match.index + match[0].length - 1)];
      const subject = lineText(code, offset);
      found.set(`${pattern} ${line}`, { kind: 'sign', rule, pattern, detail, subject, line, endLine });
    }
  }
  return [...found.values()];
}

function lineText(code: string, offset: number): string {
  const end = code.indexOf('\n', offset);
  return code
    .slice(code.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end)
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}

/** Texts that are put together by `+`, or by standing side by side, as one. */
function joinedLiterals({ code, literals }: Source): Literal[] {
  const joined: Literal[] = [];
  for (const literal of literals) {
    const last = joined.at(-1);
    const between = last ? code.slice(last.end, literal.start) : undefined;
    if (last && between !== undefined && between.length < 200 && /^\s*[+.\\]?\s*[fFrRbB]?$/.test(between)) {
      const breaks = '\n'.repeat(Math.max(0, literal.line - last.endLine));
      joined[joined.length - 1] = {
        ...last,
        text: `${last.text}${breaks}${literal.text}`,
        end: literal.end,
        endLine: literal.endLine,
      };
    } else joined.push(literal);
  }
  return joined;
}

const sqlStart =
  /^\s*(?:--[^\n]*\n\s*|\/\*[^*]*\*\/\s*)*(?:DROP|DELETE|TRUNCATE|ALTER|GRANT|CREATE|WITH|DO|BEGIN|SET|INSERT|UPDATE|EXEC(?:UTE)?)\s/i;
/** What is said to people, or looked for, and not done. */
const sayings =
  /\b(?:log|logger|logging|console|print|println|printf|eprintln|warn|warning|info|debug|trace|error|fatal|panic|raise|throw|Error|Errorf|Exception|expect|assert\w*|describe|it|test|toEqual|toBe|toContain|includes?|contains|startsWith|startswith|match|matches|indexOf|message|msg|description|desc|help|label|title|comment|doc|reason|text|summary|t|gettext|_|HasPrefix|Contains|EqualError)\b[\w.]*\s*(?:\(|=|:|=>)\s*[^()\n]{0,80}$/i;
const executing =
  /(?:\b(?:execute\w*|exec\w*|query\w*|raw\w*|sql\w*|prepare\w*|run\w*|statement\w*|stmt\w*|Exec\w*|Query\w*|Raw|MustExec|nativeQuery|createNativeQuery|createQuery|update|batchUpdate|addSql|op\.execute|text|unprepared|RunSQL|cursor\w*|do|unsafe|\$executeRaw\w*|\$queryRaw\w*|simple_query|select_all|perform|session)\s*(?:<[^<>()]*>)?\s*\(\s*(?:[\w.()*&]+\s*,\s*)?(?:sa\.text\s*\(\s*|text\s*\(\s*|sqlalchemy\.text\s*\(\s*)?[fFrRbB]?$|\b\w*(?:sql|query|stmt|statement|ddl|migration|up|down|command|cmd)\w*\s*(?::\s*\w+\s*)?(?::=|=|=>|:|\+=)\s*(?:`|\[\s*\]string\s*\{|\[|\(|\{)?\s*[fFrRbB]?$|\b(?:sql|raw|SQL)\s*(?:<[^<>]*>)?\s*$|@(?:Query|Update|Modifying|SqlUpdate)\s*\([^()]{0,60}$)/i;
const shelling =
  /\b(?:system|popen|exec|execSync|spawn|spawnSync|execa|execaCommand|run|call|check_call|check_output|getoutput|Popen|Command|CommandContext|shell|sh|bash|cmd|\$|sudo|ProcessBuilder|local|zx|shelljs\.exec|getRuntime\(\)\.exec)\s*(?:\(\s*(?:ctx\s*,\s*|context\.\w+\(\)\s*,\s*)?(?:\[\s*|List\.of\(\s*|new\s+String\[\]\s*\{\s*)?[fFrRbB]?|(?=`?$))$/;

async function embeddedFacts(source: Source, literal: Literal, made: Set<string>): Promise<Sign[]> {
  const before = source.code.slice(Math.max(0, literal.start - 200), literal.start);
  if (sqlStart.test(literal.text)) {
    if (sayings.test(before) && !executing.test(before)) return [];
    const isElement =
      /[,[({]\s*$/.test(before) &&
      /\b(?:execute|exec|query|sql|statements|queries|migrations|up|down)\w*\b[^;]{0,180}$/i.test(before);
    return executing.test(before) || isElement ? sqlFacts(literal.text, literal.line, made) : [];
  }
  if (!shelling.test(before)) return [];
  const whole = withArguments(source, literal);
  if (whole.length < 6) return [];
  return (await commandFacts(whole, literal.line, { inCode: true })).map((sign) => ({
    ...sign,
    endLine: Math.max(sign.endLine ?? sign.line, literal.endLine),
  }));
}

/** `"rm", "-rf", path`: what follows in the list, with a variable for what is not written out. */
function withArguments({ code }: Source, { text, end }: Literal): string {
  if (/\s/.test(text)) return text;
  const rest = /^((?:\s*,\s*(?:["'`][^"'`\n]*["'`]|[\w.]+))*)/.exec(code.slice(end, end + 400))?.[1] ?? '';
  const words = rest
    .split(',')
    .slice(1)
    .map((word) => word.trim());
  return [
    text,
    ...words.map((word) =>
      /^["'`]/.test(word) ? `'${word.slice(1, -1).replaceAll("'", '')}'` : `"$${word.replace(/\W/g, '_')}"`,
    ),
  ].join(' ');
}

const wayBack =
  /\b(?:def\s+down(?:grade)?\b|(?:async\s+)?(?:function\s+)?down\s*(?:\(|:|=)|exports\.down\b|public\s+(?:async\s+)?(?:function\s+)?down\s*\(|\bfunc\s+\w*[dD]own\w*\s*\(|\brollback\s*\()/g;

/** The way back of a migration undoes what the same file did: it takes away only what that file brought. */
function withoutWayBack(source: Source, signs: readonly Sign[]): Sign[] {
  wayBack.lastIndex = 0;
  let start: number | undefined;
  for (let match = wayBack.exec(source.code); match; match = wayBack.exec(source.code)) {
    if (source.isCode(match.index)) {
      start = match.index;
      break;
    }
  }
  if (start === undefined) return [...signs];
  const line = source.lineAt(start);
  const forward = source.code.slice(0, start);
  return signs.filter((sign) => {
    if (sign.line <= line || !/^(drop-|delete-all|truncate)/.test(sign.pattern)) return true;
    const names = [...sign.subject.matchAll(/["'`]([\w.]+)["'`]/g)].map((match) => match[1] as string);
    const last = names.at(-1) ?? sign.subject.split(' ').at(-1) ?? '';
    return !new RegExp(`\\b${last.replace(/\W/g, '\\$&')}\\b`, 'i').test(forward);
  });
}
