import type { ChangedFile } from '../../content.ts';
import type { Sign } from '../fact.ts';
import { readSource } from './source.ts';

/** What lets only some callers pass, by the usual names. */
const check =
  /\b(?:(?:require|ensure|check|verify|enforce|must|only|is|has)s?_?(?:be|have|any|all|user|is)?_?(?:auth|log(?:in|ged)|signed_?in|admin|role|permission|session|owner|jwt|scope|staff|token|bearer|api_?key)\w*|\w{1,20}_required|user_passes_test|authenticat\w*|authoriz\w*|PreAuthorize|Secured|RolesAllowed|UseGuards)\b/i;
const letsPass = /anonymous|optional|allow_?any|permit_?all|skip|not_required|un_?auth/i;
/** `router.use(…)`, and `router.get('/path', …)` up to what handles the call. */
const uses = /\b([\w.]{1,60})\.(?:use|Use|addHook|middleware)\s*\(([^;{}]{0,300}?)(?:\)\s*;?\s*$|=>|\bfunction\b|\{)/gm;
const routes =
  /\b([\w.]{1,60})\.((?:get|post|put|patch|delete|all|GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete|Handle|HandleFunc)\s*\(\s*(["'`])\/[^"'`\n]{0,200}\3)([^;{}]{0,300}?)(?=;|=>|\bfunction\b|[{}]|\)\s*$)/gm;
/** Paths that a chain of Spring's gives to some callers: what follows says to whom. */
const matchers =
  /\b(?:requestMatchers|antMatchers|mvcMatchers|pathMatchers)\s*\(([^()]{0,300})\)\s*\.\s*(?:(has\w+|authenticated|fullyAuthenticated)|permitAll)\b/g;
const annotation = /^\s*(?:@\w|\[\w+[\](])/;
const definition =
  /\b(?:def|class|fun|function)\s+(\w+)|^\s*(?:(?:public|private|protected|internal|static|async|final|override|virtual|export)\s+)+[\w<>[\],.? ]*?(\w+)\s*\(|^\s*(?:async\s+)?(\w+)\s*\([^()]*\)[^;{]{0,80}\{/;

interface Guarded {
  readonly line: number;
  readonly checks: number;
}

/**
 * Routes, routers and functions that had checks of who calls and stay without any. Where something else of the file has
 * more checks than before, they may have moved: then nothing is told.
 */
export function lostChecks({ before, after, removed }: ChangedFile, language: string): Sign[] {
  if (before === undefined || after === undefined) return [];
  const lines = before.split('\n');
  if (!removed.some((line) => check.test(lines[line - 1] ?? ''))) return [];
  const [had, has] = [guardedIn(before, language), guardedIn(after, language)];
  if ([...has].some(([subject, { checks }]) => checks > (had.get(subject)?.checks ?? 0))) return [];
  return [...has].flatMap(([subject, { line, checks }]): Sign[] =>
    checks > 0 || (had.get(subject)?.checks ?? 0) === 0
      ? []
      : [
          {
            kind: 'sign',
            rule: 'permission-widened',
            pattern: 'authentication-off',
            detail: 'a check of who calls is gone',
            subject: `unchecked ${subject}`,
            line,
            byRemoval: true,
          },
        ],
  );
}

/** What can be guarded, by what it is called, with the number of its checks. */
function guardedIn(text: string, language: string): Map<string, Guarded> {
  const { code, lineAt } = readSource(text, language);
  const found = new Map<string, Guarded>();
  const note = (subject: string, line: number, checks: number): void => {
    const known = found.get(subject);
    found.set(subject, { line: known?.line ?? line, checks: (known?.checks ?? 0) + checks });
  };
  for (const { 1: router = '', 2: call = '', 4: rest = '', index } of code.matchAll(routes)) {
    note(`router ${router}`, lineAt(index), 0);
    note(`${router}.${call}`, lineAt(index), checksIn(rest));
  }
  for (const { 1: router = '', 2: given = '', index } of code.matchAll(uses)) {
    if (found.has(`router ${router}`)) note(`router ${router}`, lineAt(index), checksIn(given));
  }
  for (const { 1: paths = '', 2: demand, index } of code.matchAll(matchers))
    note(`paths ${paths.replace(/\s+/g, '')}`, lineAt(index), demand === undefined ? 0 : 1);
  let checks = 0;
  for (const [index, line] of code.split('\n').entries()) {
    if (annotation.test(line)) checks += checksIn(line);
    else {
      const [, name, method, plain] = definition.exec(line) ?? [];
      const subject = name ?? method ?? plain;
      if (subject !== undefined) note(`function ${subject}`, index + 1, checks);
      if (subject !== undefined || line.trim() === '') checks = 0;
    }
  }
  return found;
}

function checksIn(text: string): number {
  return check.test(text) && !letsPass.test(text) ? 1 : 0;
}
