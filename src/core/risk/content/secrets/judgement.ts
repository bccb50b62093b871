/** Places where made-up secrets belong. */
const madeUp =
  /(^|\/)(tests?|__tests__|specs?|fixtures?|testdata|mocks?|__mocks__|examples?|samples?|e2e|docs?|demo|storybook)(\/)|[._-](test|tests|spec|specs|stories)\.[^/]+$|(^|\/)test_[^/]+$|_test\.[^/]+$|(Test|Tests|IT|Spec)\.(java|kt|scala|groovy|cs)$|\.(example|sample|template|dist|md|mdx|rst|adoc|txt)$|(^|\/)conftest\.py$|\.(example|sample|template|test)\.[^/]+$|[._-](example|sample)\.[^/]+$/i;

export function isMadeUpPlace(path: string): boolean {
  return madeUp.test(path);
}

/** What a name says that holds no secret though it is named after one. */
const aboutSecrets =
  /(name|names|id|ids|path|file|filename|dir|uri|endpoint|field|type|header|prefix|suffix|length|len|size|expiry|expires|expiration|ttl|timeout|count|limit|policy|ref|arn|label|placeholder|hint|hash|hashed|digest|algorithm|alg|rotation|version|env|var|variable|param|selector|pattern|regex|issuer|audience|scope|scopes|format|provider|manager|store|mount|role|max|min|lifetime|class|method|input|column|reset|error|message|text|title|public|enabled|required|strength|confirmation|generator|encoder|validator|bucket|location|url|in|key_?id|url_?template|sha_?\d{0,3}|md5|crc\d{0,2}|checksum|fingerprint|thumbprint|integrity|etag|commit|revision|serial)s?$/i;
/** Words that only begin, or end, like those for secrets. */
const unlikeSecrets =
  /tokeni[sz](?:er|ation|ed|ing|e)s?|secretar(?:y|ies)|passengers?|passages?|passive(?:ly)?|bypass(?:es|ed)?|compass(?:es)?|passports?|keyboards?|(?:mon|tur|don|hoc|joc)keys?/gi;
const secretWord = /pass|pwd|secret|token|key|credential|webhook/i;

/** Whether a text that is given to a name is a secret: no placeholder, no name, no word of a language. */
export function isSecretOf(name: string, value: string): boolean {
  if (/\s/.test(value) || isPlaceholder(value)) return false;
  if (/public|csrf|(^|[_-])(sort|page|cursor|next|continuation|design|syntax|cancel\w*)_?token$/i.test(name))
    return false;
  if (!secretWord.test(name.replace(unlikeSecrets, ''))) return false;
  const isAddress = /webhook/i.test(name);
  if (aboutSecrets.test(name) && !isAddress) return false;
  if (isReference(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  // Words, in one of the ways of writing them as a name.
  if (/^[A-Za-z]+(?:[-_.:/][A-Za-z]+)*$/.test(value)) return false;
  if (/pass|pwd|phrase/i.test(name)) {
    return (
      value.length >= 6 &&
      kinds >= 2 &&
      /\d|[^\w.\s-]/.test(value) &&
      !/^[A-Za-z]+(?:[-_.:/][A-Za-z]+)*\d{0,2}$/.test(value)
    );
  }
  if (value.length < 12 || kinds < 2 || !/\d/.test(value)) return false;
  return entropyOf(value) >= 3 && !/^[a-z]+(?:[-_./:][a-z]+)*(?:[-_./:]?v?\d{1,4})?$/i.test(value);
}

/** It says where the secret is. */
function isReference(value: string): boolean {
  return (
    /^(\/[\w-]+\/|\.{1,2}\/|~\/|https?:\/\/|arn:|projects\/|vault:|ssm:|secretsmanager|sm:\/\/|op:\/\/|s3:|gs:|file:|env[.:]|awskms|gcpkms|azurekms|os\.|process\.|System\.|var\.|local\.|data\.|module\.|each\.|self\.|this\.|config\.|settings\.|secrets?[./:]|ENC\[|ENC\(|!vault|\$ANSIBLE_VAULT|\{cipher\}|\$2[aby]\$|\$argon2|\$6\$|pbkdf2|sha\d+[:$-])/i.test(
      value,
    ) ||
    // A path of which a part is filled in.
    /(^|\/)\$[A-Za-z_]\w*\//.test(value) ||
    // Sealed for a cluster: the length of an encrypted key of 512 bytes comes first.
    /^Ag[A-D][A-Za-z0-9+/]{17,}={0,2}$/.test(value) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
  );
}

/** It stands for a secret that is still to be put in, or is one that everybody knows. */
export function isPlaceholder(value: string): boolean {
  return (
    /^(password|passw0rd|p4ssw0rd|pass|secret|s3cret|token|none|null|undefined|true|false|admin|root|guest|user|test\w*|dummy\w*|fake\w*|mock\w*|todo|hidden|postgres|mysql|default|string|required|optional|value|foo\w*|bar|baz|abc|abcd|abcdef|qwerty|letmein|hunter|swordfish|correct-horse-battery-staple|changeit|minioadmin|rabbitmq|keycloak|insecure)[-_]?\d{0,6}!?$/i.test(
      value,
    ) ||
    /^<.*>$|^\[.*\]$|^\{.*\}$|^%\w+%$|^__\w+__$|^@\w+@$|\$\{|\{\{|\$\(|<[a-z][\w -]*>|%\(|%[sdv]\b|#\{/i.test(value) ||
    /^\$[A-Za-z_]\w*$|^[A-Z][A-Z_]+$/.test(value) ||
    /your[-_ ]?|change[-_]?(me|this|it)|replace[-_]?(me|with|this)|insert[-_]|x{4,}|\*{3,}|\.\.\.|example|dummy|fake|placeholder|redacted|TEMPLATE|EXPRESSION|not[-_]?a[-_]?(real|secret)|(?<![a-z])(test|mock|sample|dev|local|insecure|notsecret|unused|none|throwaway|integration|fixture)(?![a-z])/i.test(
      value,
    ) ||
    /^(.)\1*$/.test(value) ||
    /0123456789|1234567890|^123456|abcdefgh/i.test(value) ||
    isRepeated(value)
  );
}

/** Made of few characters, as placeholders are. */
function isRepeated(value: string): boolean {
  return value.length >= 16 && new Set(value.replace(/^[a-z]+_/i, '')).size <= 4;
}

/** Shannon's, in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

/** Whether an address, up to its host, is of a database of one's own machine, or of a job that is over in a minute. */
export function isPassing(text: string): boolean {
  return /@(?:\w*\(|\/\/)?(localhost|127\.0\.0\.1|host\.docker\.internal|[\w.-]*example(\.\w+)?|db|postgres|mysql|redis|mongo|rabbitmq)$/.test(
    text,
  );
}
