import type { Sign } from '../fact.ts';
import { isMadeUpPlace, isPassing, isPlaceholder, isSecretOf } from './judgement.ts';

/** Keys that somebody issues, by their form. Linear: no repetition within a repetition. */
const issued: readonly (readonly [pattern: string, expression: RegExp])[] = [
  ['private-key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----/g],
  ['json-web-token', /\beyJ[\w-]{10,500}\.eyJ[\w-]{10,2000}\.[\w-]{20,500}/g],
  ['google-api-key', /\bAIza[0-9A-Za-z_-]{35}\b/g],
  ['azure-storage-key', /\bAccountKey=[A-Za-z0-9+/]{80,90}={0,2}/g],
  ['twilio-key', /\bSK[0-9a-f]{32}\b/g],
  ['slack-webhook', /\bhooks\.slack\.com\/services\/T\w{6,12}\/B\w{6,14}\/\w{20,30}/g],
  ['discord-webhook', /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[\w-]{50,80}/g],
  ['telegram-token', /\b\d{8,10}:AA[\w-]{33}\b/g],
  ['pypi-token', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,300}/g],
  ['mailgun-key', /\bkey-[0-9a-f]{32}\b/g],
  ['access-key-id', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['stripe-key', /\b(?:sk|rk)_live_[0-9a-zA-Z]{16,120}\b/g],
  ['stripe-webhook-secret', /\bwhsec_[0-9a-zA-Z+/]{24,80}\b/g],
  ['github-token', /\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{60,90})\b/g],
  ['gitlab-token', /\bgl(?:pat|rt|dt|ptt)-[\w-]{20,40}\b/g],
  ['slack-token', /\bxox[abeoprs]-[0-9A-Za-z-]{20,200}/g],
  ['npm-token', /\bnpm_[0-9A-Za-z]{36}\b/g],
  ['sendgrid-key', /\bSG\.[\w-]{20,24}\.[\w-]{39,50}/g],
  ['vault-token', /\bhvs\.[\w-]{24,120}\b/g],
  ['digitalocean-token', /\bdo[opr]_v1_[0-9a-f]{64}\b/g],
  ['terraform-token', /\b[0-9A-Za-z]{14}\.atlasv1\.[\w-]{60,70}\b/g],
  ['doppler-token', /\bdp\.pt\.[0-9A-Za-z]{40,44}\b/g],
  ['age-key', /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g],
  ['shopify-token', /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g],
  ['square-token', /\bsq0(?:atp|csp)-[\w-]{22,43}\b/g],
  ['openai-key', /\bsk-(?:proj-|svcacct-|ant-[\w]{2,6}-)?[\w-]{32,200}\b/g],
];

/** Places in a line that hold a password by what stands around: what is in brackets is judged as one. */
const placed: readonly (readonly [pattern: string, expression: RegExp])[] = [
  ['address-with-password', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'`<>${}]{0,60}:([^\s:@/"'`<>${}*]{3,120})@[\w.-]+/gi],
  // Of drivers for Go and for Oracle: `user:password@tcp(host:3306)/db`, `user/password@//host:1521/db`.
  [
    'address-with-password',
    /(?<=["'`=\s])[\w.-]{1,60}:([^\s"'`]{3,120})@(?:tcp6?|udp|unix|cloudsql\w{0,8}|mysql)?\([\w./-]*/g,
  ],
  ['address-with-password', /\bjdbc:oracle:\w{1,10}:[\w.-]{1,60}\/([^\s@"'`]{3,120})@[\w./-]+/g],
  // Of libpq: `host=… user=… password=…`, in any order.
  [
    'connection-string-password',
    /\b(?:host|hostaddr|user|username|dbname|database|server|uid)=[^"'`\n]{0,160}[\s;](?:password|pwd)=([^\s"'`;&]{6,120})/gi,
  ],
  [
    'connection-string-password',
    /\b(?:password|pwd)=([^\s"'`;&]{6,120})[\s;](?=[^"'`\n]{0,160}\b(?:host|user|username|dbname|database|server|uid)=)/gi,
  ],
  // Of XML: an element, or a name beside its value.
  [
    'element-with-password',
    /<(?:[\w.-]{0,30}:)?[\w.-]{0,30}(?:[pP]assword|[pP]assphrase|[sS]ecret|apiKey|accessKey|[tT]oken)>([^<>\s]{6,120})<\//g,
  ],
  [
    'element-with-password',
    /\b(?:key|name)="[\w.:-]{0,60}(?:password|passphrase|secret|api[._-]?key)"\s+value="([^"\s]{6,120})"/gi,
  ],
  ['connection-string-password', /(?:\b(?:Password|Pwd)|\bSharedAccessKey)\s?=\s?([^;"'`\s&]{6,120})(?=[;"'`&])/g],
  [
    'database-password',
    /(?<![=\w.-])(?:PASSWORD|IDENTIFIED\s+(?:WITH\s+\w+\s+)?BY)\s+(?:AS\s+)?["']([^'"\s]{6,120})["']/gi,
  ],
  [
    'connection-password',
    /\b(?:getConnection|connect|createConnection|createPool|login|authenticate|basicAuth|SetBasicAuth|setBasicAuth|HTTPBasicAuth|UsernamePasswordCredentials|PlainAuth|Basic|auth)\s*\([^()\n]{0,200}["'`]\s*,\s*["'`]([^"'`\s]{8,120})["'`]\s*[,)]/g,
  ],
  ['command-line-password', /\b(?:mysql\w*|mariadb\w*)\b[^\n|;]{0,120}\s-p([^\s'"$]{6,120})(?=\s|$)/g],
  [
    'command-line-password',
    /\b(?:docker|podman|helm|az|oc|skopeo|buildah|crane|redis-cli|sqlcmd|mongosh?|mongodump|sshpass|ldapsearch|smbclient|7z|zip|openssl|keytool|nuget|cf|twine|ansible-vault)\b[^\n|;]{0,160}\s(?:-p|-a|-P|-w|--password|--pass|--registry-password)[ =]?["']?([^\s"'$]{6,120})/g,
  ],
  ['command-line-password', /\bcurl\b[^\n|;]{0,200}\s(?:-u|--user)[ =]?["']?[\w.@-]+:([^\s"'$]{6,120})/g],
  ['bearer-token', /\b(?:Bearer|Basic|token|Token)\s+([A-Za-z0-9._~+/-]{20,500}={0,2})(?=["'`\s]|$)/g],
];

/** What is given to a name of a secret: between quotes, or to the end of a word. */
const names =
  'pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|encrypt[_-]?key|auth[_-]?key|master[_-]?key|secret[_-]?key|client[_-]?secret|credentials?|account[_-]?key|shared[_-]?key|license[_-]?key|service[_-]?key|webhook[_-]?url|jwt[_-]?key|hmac[_-]?key|cookie[_-]?key|session[_-]?key|app[_-]?key|aes[_-]?key|deploy[_-]?key';
const name = `(?<![\\w$])["'\`]?([\\w.-]{0,60}?(?:${names})[\\w-]{0,20})["'\`]?\\]?`;
const type = "(?:\\s{0,4}:\\s{0,4}(?:string|String|str|&str|&'static str|Buffer|bytes))?";
const given =
  '\\s{0,20}(?::=|=>|\\?\\?=?|\\|\\|=?|[:=,(])\\s{0,20}(?:\\[\\]byte\\(|b|f|r|u|new String\\(|Buffer\\.from\\(|String\\(|process\\.env\\.\\w+\\s{0,4}(?:\\|\\||\\?\\?)\\s{0,4}|os\\.(?:getenv|environ\\.get)\\(["\']\\w+["\'],\\s{0,4})?';
const quoted = new RegExp(`${name}${type}${given}(["'\`])([^"'\`\\n]{6,400})\\2`, 'gi');
const bare = new RegExp(`${name}\\s{0,20}[:=]\\s{0,20}([^\\s"'\`,;#]{6,400})(?=\\s*(?:#.*)?$|[\\s,;])`, 'gi');

/** What every form, place and name above has something of: the expressions of a line without it are not tried. */
const tellsOfIssued =
  /-----BEGIN|eyJ|AIza|AccountKey=|\bSK[0-9a-f]{2}|hooks\.slack|api\/webhooks|:AA|pypi-|\bkey-[0-9a-f]|AKIA|ASIA|_live_|whsec_|gh[pousr]_|github_pat_|\bgl(?:pat|rt|dt|ptt)-|\bxox|\bnpm_|\bSG\.|\bhvs\.|\bdo[opr]_v1_|atlasv1|\bdp\.pt|AGE-SECRET|\bshp(?:at|ca|pa|ss)_|\bsq0|\bsk-/;
const tellsOfPlaced =
  /:\/\/|@\w{0,12}\(|jdbc:|pass|pwd|secret|token|key(?:="|>|tool)|accesskey|name="|identified|connect|createpool|login|auth|basic|bearer|credentials|curl|\s-(?:[paw]|u)/i;
const tellsOfNamed = new RegExp(names, 'i');

/** Files in which a text needs no quotes. */
const needsNoQuotes =
  /(\.(ya?ml|env|properties|ini|cfg|conf|cnf|toml|sh|bash|zsh|tfvars|service|netrc|tpl)|(^|\/)(\.env(\.[\w-]+)?|\w*Dockerfile[^/]*|\.npmrc|\.pypirc|\.netrc|credentials|config))$/i;

/** What by its form, its place or its name is a secret, in some lines of a text. */
export function assignedSecrets(
  lines: readonly { readonly number: number; readonly text: string }[],
  path: string,
): Sign[] {
  const isMadeUp = isMadeUpPlace(path);
  return lines.flatMap(({ number, text }) => {
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
    for (const [pattern, expression] of tellsOfIssued.test(text) ? issued : []) {
      for (const [whole] of text.matchAll(expression)) {
        if (!isPlaceholder(whole) && !/EXAMPLE/.test(whole)) add(pattern, whole);
      }
    }
    // A password has no form: where such are made up, and in what is said to people, none is looked for.
    if (isMadeUp || found.length > 0 || isComment(text)) return found;
    for (const [pattern, expression] of tellsOfPlaced.test(text) ? placed : []) {
      for (const [whole, value = ''] of text.matchAll(expression)) {
        if (!isPassing(whole) && isSecretOf('password', value)) add(pattern, value);
      }
    }
    if (found.length > 0 || !tellsOfNamed.test(text)) return found;
    for (const match of text.matchAll(quoted)) {
      if (isSecretOf(match[1] as string, match[3] as string)) add('assigned-secret', match[3] as string);
    }
    if (!needsNoQuotes.test(path)) return found;
    for (const match of text.matchAll(bare)) {
      const value = match[2] as string;
      if (!/[()[\]{}<>|]|^(\.|\/)|::/.test(value) && isSecretOf(match[1] as string, value))
        add('assigned-secret', value);
    }
    return found;
  });
}

function isComment(text: string): boolean {
  return /^\s*(\/\/|#|\*|\/\*|--|;|<!--)/.test(text);
}
