import type { Sign } from '../fact.ts';

/**
 * Texts that are given to names of secrets. A scanner knows the forms of keys that somebody issues; a password has none, and
 * is known by its name: by what is not a placeholder, not a name itself and not made up of words.
 */
const assigned =
  /(?<![\w$])["']?([\w.-]{0,60}?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|auth[_-]?key|master[_-]?key|client[_-]?secret|credentials?|account[_-]?key|connection[_-]?string|webhook[_-]?url|salt|jwt[_-]?key|hmac[_-]?key)[\w-]{0,20})["']?\]?\s{0,20}(?::\s{0,4}(?:string|String|str|&str|&'static str)\s{0,4})?(?::=|=>|[:=,]|\s(?=["']))\s{0,20}(?:[bfru]|f|new String\()?(["'`]?)([^\s"'`,;#)}\]]{6,400})\2/gi;

const known: readonly (readonly [pattern: string, expression: RegExp])[] = [
  ['private-key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g],
  ['json-web-token', /\beyJ[\w-]{10,500}\.eyJ[\w-]{10,2000}\.[\w-]{20,500}/g],
  ['google-api-key', /\bAIza[0-9A-Za-z_-]{35}\b/g],
  ['azure-storage-key', /\bAccountKey=[A-Za-z0-9+/]{80,90}={0,2}/g],
  ['twilio-key', /\bSK[0-9a-f]{32}\b/g],
  ['slack-webhook', /\bhooks\.slack\.com\/services\/T\w{6,12}\/B\w{6,14}\/\w{20,30}/g],
  ['discord-webhook', /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[\w-]{50,80}/g],
  ['pypi-token', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,300}/g],
  ['mailgun-key', /\bkey-[0-9a-f]{32}\b/g],
  ['access-key-id', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['stripe-key', /\b(?:sk|rk)_live_[0-9a-zA-Z]{16,120}\b/g],
  ['github-token', /\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{60,90})\b/g],
  ['gitlab-token', /\bglpat-[\w-]{20,40}\b/g],
  ['slack-token', /\bxox[abeoprs]-[0-9A-Za-z-]{20,200}/g],
  ['npm-token', /\bnpm_[0-9A-Za-z]{36}\b/g],
  ['sendgrid-key', /\bSG\.[\w-]{20,24}\.[\w-]{39,50}/g],
  ['address-with-password', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'`<>${}]{1,60}:([^\s:@/"'`<>${}*]{3,120})@[\w.-]+/gi],
  ['database-password', /\b(?:PASSWORD|IDENTIFIED\s+BY)\s+'([^'\s]{6,120})'/g],
];

/** Places where made-up secrets belong. */
const madeUp =
  /(^|\/)(tests?|__tests__|specs?|fixtures?|testdata|mocks?|__mocks__|examples?|samples?|e2e|docs?)(\/)|[._-](test|spec)s?\.[^/]+$|(^|\/)test_[^/]+$|_test\.[^/]+$|\.(example|sample|template|dist|md|mdx|rst|adoc|txt)$|(^|\/)conftest\.py$/i;

/** What by its form or its name is a secret, in some lines of a text. */
export function assignedSecrets(
  lines: readonly { readonly number: number; readonly text: string }[],
  path: string,
): Sign[] {
  const isMadeUp = madeUp.test(path);
  return lines.flatMap(({ number, text }) => {
    if (text.length > 4_000) return [];
    const found: Sign[] = [];
    const add = (pattern: string, subject: string): void => {
      found.push({
        kind: 'sign',
        rule: 'secret-added',
        pattern,
        detail: pattern.replaceAll('-', ' '),
        subject,
        line: number,
      });
    };
    for (const [pattern, expression] of known) {
      expression.lastIndex = 0;
      for (let match = expression.exec(text); match; match = expression.exec(text)) {
        if (/EXAMPLE|example/.test(match[0]) && !/password/.test(pattern)) continue;
        if (
          match[1] !== undefined &&
          (isPlaceholder(match[1]) ||
            isMadeUp ||
            (/localhost|127\.0\.0\.1|@db[:/]|@postgres[:/]|@example\./.test(match[0]) && entropy(match[1]) < 3.2))
        )
          continue;
        add(pattern, match[0]);
      }
    }
    if (isMadeUp || found.length > 0) return found;
    assigned.lastIndex = 0;
    for (let match = assigned.exec(text); match; match = assigned.exec(text)) {
      const [, name = '', quote = '', value = ''] = match;
      if (isSecret(name, quote, value, path)) add('assigned-secret', value);
    }
    return found;
  });
}

/** Files in which a text needs no quotes. */
const unquoted =
  /(\.(ya?ml|env|properties|ini|cfg|conf|toml|sh|bash|zsh|tfvars)|(^|\/)(\.env(\.\w+)?|Dockerfile[^/]*|\.npmrc|\.pypirc|\.netrc))$/i;
/** What a name says that holds no secret though it is named after one. */
const aboutSecrets =
  /(name|names|id|ids|path|file|filename|dir|url|uri|endpoint|field|type|header|prefix|suffix|length|size|expir\w*|ttl|timeout|count|limit|policy|ref|arn|key_?name|label|placeholder|hint|hash|hashed|digest|algorithm|rotation|version|env|var|param|selector|pattern|regex|issuer|audience|scope|scopes|format|provider|manager|store|mount|role|max|min|lifetime|class|method|input|column|reset|error|message|text|title|public|enabled|required)s?$/i;

function isSecret(name: string, quote: string, value: string, path: string): boolean {
  if (quote === '' && !unquoted.test(path)) return false;
  if (aboutSecrets.test(name) || isPlaceholder(value)) return false;
  if (/\b(csrf|sort|page|cursor|next|continuation|design|syntax)_?token$/i.test(name) || /public/i.test(name))
    return false;
  // Names, paths, addresses and calls.
  if (/^[\w.-]*\.[\w.-]*$/.test(value) && !/\d/.test(value)) return false;
  if (
    /^(\/|\.\/|~\/|https?:\/\/|arn:|projects\/|vault:|ssm:|secretsmanager|op:\/\/|s3:|file:|env[.:]|os\.|process\.|System\.|var\.|local\.|data\.|module\.|each\.|aws_|self\.|this\.|config\.|settings\.|secrets?\.)/i.test(
      value,
    )
  )
    return false;
  if (/[()[\]{}<>]/.test(value) && quote === '') return false;
  const isHuman = /pass|pwd|phrase/i.test(name);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (isHuman)
    return (
      value.length >= 6 && kinds >= 2 && /\d|[^A-Za-z0-9_.\s-]/.test(value) && !/^[a-z]+(?:[-_.][a-z]+)*$/i.test(value)
    );
  if (value.length < 12) return false;
  return (
    kinds >= 2 &&
    /\d/.test(value) &&
    entropy(value) >= (value.length >= 20 ? 3 : 2.8) &&
    !/^[a-z]+(?:[-_./:][a-z]+)*(?:[-_./:]?v?\d{1,3})?$/i.test(value)
  );
}

function isPlaceholder(value: string): boolean {
  return (
    /^(change-?_?me\w*|password\d{0,3}|passw0rd|secret|token|none|null|undefined|true|false|admin\d{0,3}|root|guest|test\w*|dummy\w*|fake\w*|mock\w*|example\w*|sample\w*|placeholder\w*|todo|redacted|hidden|postgres|mysql|default|string|required|optional|value|foo\w*|bar|baz|abc123|123456\d*|x{3,}|\.{3,}|\*+|-+)$/i.test(
      value,
    ) ||
    (/^[<[({%$#].*|.*[>\]})%]$|\$\{|\{\{|\$\(|<[\w -]+>|%\(|%s|%v/.test(value) &&
      /[<>{}$%[\]()]/.test(value) &&
      !/^[$%#][A-Za-z0-9]+[^A-Za-z0-9{}()]/.test(value)) ||
    /your[-_]?|change[-_]?(me|this|it)|replace[-_]?(me|with|this)|insert[-_]|<.*>|x{4,}|\*{3,}|\.\.\.|example|dummy|fake|placeholder|redacted|not[-_]a[-_](real|secret)|(^|[-_])(test|mock|sample|dev|local|insecure|default|notsecret|unused|none)([-_]|$)/i.test(
      value,
    ) ||
    /^(.)\1*$/.test(value) ||
    /^\$[A-Za-z_]\w*$/.test(value) ||
    /^(0123456789|1234567890|abcdef)/i.test(value)
  );
}

/** Shannon's, in bits a character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
