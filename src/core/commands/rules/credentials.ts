import type { Rules, Use } from '../rule.ts';
import { literal, type Word } from '../simpleCommand.ts';

const secretNames = [
  /^\.env(rc|[*?[].*)?$/,
  /^\.env\.(?!(.*\.)?(example|sample|template|dist|defaults?|schema)$)/,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /^\.(netrc|pgpass|my\.cnf|pypirc|git-credentials|vault-token|htpasswd|s3cfg|boto)$/,
  /^_netrc$/,
  /\.(key|p12|pfx|kdbx|keystore|jks|ppk)$/,
  /key.*\.pem$/,
  /^(credentials|service[-_]account.*|secrets?)\.(json|ya?ml|toml)$/,
];

const secretPaths = [
  /\.ssh\/?$/,
  /\.ssh\/(?!config$|known_hosts|authorized_keys$|.*\.pub$)./,
  /\.aws\/(credentials|sso\/cache|cli\/cache)/,
  /\.aws\/?$/,
  /\.kube\/config$/,
  /\.docker\/config\.json$/,
  /(^~|^\/(home|Users)\/[^/]+|^\/root)\/\.npmrc$/,
  /\.config\/(gh\/hosts\.yml|gcloud\/.*(credentials|tokens)|op\/|hub)/,
  /\.(gnupg|password-store)(\/|$)/,
  /\.azure\/.*(tokens|profile)/,
  /\/etc\/(g?shadow|master\.passwd)$/,
  /\/proc\/[^/]+\/environ$/,
  /\/run\/secrets\//,
];

function isSecretFile({ text }: Word): boolean {
  const path = text.replaceAll('\\', '/').replace(/^.*@(?=[/~.\0])/s, '');
  const name = path.split('/').at(-1) ?? '';
  return secretNames.some((pattern) => pattern.test(name)) || secretPaths.some((pattern) => pattern.test(path));
}

const secretVariable =
  /(^|_)(TOKEN|SECRET|PASSW(OR)?D|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?|AUTH|PAT)($|_)|PASSWORD|SECRET|TOKEN$/i;

/** Programs whose first operand is a pattern or a program, not a file. */
const patternFirst = /^(grep|egrep|fgrep|rg|ag|sed|awk|jq|yq|select-string)$/;

/** Programs whose last operand is where they write to. */
const targetLast = /^(cp|mv|scp|rsync|install)$/;

/** Some file that it reads keeps secrets. */
function readsSecret({ command, arguments: options }: Use): boolean {
  const isFile = (_: Word, i: number): boolean => {
    if (patternFirst.test(command.program)) return i > 0;
    return !targetLast.test(command.program) || i < options.operands.length - 1;
  };
  const operands = options.operands.filter(isFile);
  const of = operands.filter(({ text }) => text.startsWith('if=')).map(({ text }) => literal(text.slice('if='.length)));
  return [...operands, ...of].some(isSecretFile);
}

/** Some file that it uploads keeps secrets: `-d @.env`, `-F file=@.env`. */
function uploadsSecret({ arguments: options }: Use): boolean {
  const given = options.values.flatMap(({ text }) => /(?:^|=)@(.*)$/s.exec(text)?.[1] ?? []);
  return [...given.map(literal), ...options.valuesOf('-T', '--upload-file', '--post-file')].some(isSecretFile);
}

const namesSecret = ({ command }: Use): boolean =>
  command.words.some(({ variables }) => variables.some((name) => secretVariable.test(name)));

/** Code that takes all variables of the environment, not one of them. */
const wholeEnvironment =
  /\bos\.environ\b(?!\s*(\[|\.(get|setdefault|pop|update)\b))|\bprocess\.env\b(?!\s*[.[])|\bENV\.(to_h|each|inspect)\b|\bgetenv\(\)/;

export const credentials: readonly Rules[] = [
  {
    class: 'credentials',
    because: 'shows or copies a file that keeps secrets',
    calls: [
      {
        match:
          'cat|head|tail|less|more|bat|nl|tac|rev|sed|awk|grep|egrep|fgrep|rg|cut|sort|strings|xxd|od|hexdump|base64|base32|openssl|cp|mv|scp|sftp|rsync|tar|zip|gzip|7z|gpg|dd|diff|jq|yq|install|get-content|gc|type|copy-item|select-string|nano|vim|vi|code|open|pbcopy|xclip',
        when: readsSecret,
        says: 'read of a secret file',
      },
      { match: 'curl|wget|http|https|nc', when: uploadsSecret, says: 'upload of a secret file' },
      { match: 'git add|stage', when: readsSecret, says: 'git add of a secret file' },
      {
        match: '*',
        says: 'read of a secret file',
        when: ({ command }) =>
          command.redirections.some(({ operator, target }) => operator === '<' && isSecretFile(target)),
      },
    ],
  },
  {
    class: 'credentials',
    because: 'shows the environment, or a secret in it',
    calls: [
      { match: 'env', when: ({ arguments: a }) => a.operands.length === 0 },
      {
        match: 'printenv',
        when: ({ arguments: a }) => a.operands.length === 0 || a.operands.some(({ text }) => secretVariable.test(text)),
      },
      { match: 'export|declare|typeset -p|-x', when: ({ arguments: a }) => a.operands.length === 0 },
      { match: 'export|declare|typeset', when: ({ command }) => command.words.length === 0 },
      {
        match: 'docker inspect',
        says: 'docker inspect of the environment',
        when: ({ command }) => command.words.some(({ text }) => text.includes('.Config.Env')),
      },
      { match: 'set', when: ({ command }) => command.words.length === 0 },
      { match: 'echo|printf|write-output|write-host', when: namesSecret, says: 'print of a secret variable' },
      { match: 'get-childitem|gci|dir|ls|gc|get-item env:|Env:|env:*|Env:*', says: 'Get-ChildItem Env:' },
      {
        match: 'python|node|ruby|perl|php|deno|bun',
        says: 'print of the environment',
        when: ({ command }) => command.words.some(({ text }) => wholeEnvironment.test(text)),
      },
    ],
  },
  {
    class: 'credentials',
    because: 'asks a keeper of secrets for one',
    calls: [
      'gh auth token',
      'gh|glab auth status --show-token|-t',
      'glab auth token',
      'gcloud auth print-access-token|print-identity-token',
      'gcloud auth application-default print-access-token',
      'gcloud secrets versions access',
      'aws secretsmanager get-secret-value|batch-get-secret-value',
      'aws ssm get-parameter|get-parameters|get-parameters-by-path --with-decryption',
      'aws sts get-session-token|assume-role|get-federation-token|assume-role-with-*',
      { match: 'aws configure get', when: ({ arguments: a }) => /secret|key|token/.test(a.operands[2]?.text ?? '') },
      'aws configure export-credentials',
      'aws ecr get-login-password|get-authorization-token',
      'aws kms decrypt',
      'az account get-access-token',
      'az keyvault secret|key show|download|backup',
      'az ** list-keys|show-connection-string|list-connection-strings',
      'az acr|storage ** credential|keys show|list',
      'vault read|token',
      'vault kv get',
      'op read|get|signin|inject',
      'op item|document get',
      'pass show',
      'bw get|list|export|unlock',
      'lpass show|export',
      'security find-generic-password|find-internet-password|dump-keychain|export',
      'secret-tool lookup|search',
      'kwallet-query -r',
      {
        match: 'kubectl get secret|secrets|secret/* -o|--output',
        says: 'kubectl get secret',
        when: ({ arguments: a }) => !/^(name|wide)$/.test(a.valueOf('-o', '--output')?.text ?? ''),
      },
      'kubectl create token',
      'kubectl config view --raw|--flatten',
      'heroku config|config:get|auth:token|pg:credentials:url',
      'doppler secrets',
      'doppler run|secrets download',
      'chamber read|export|env',
      'sops -d|--decrypt',
      'sops decrypt|exec-env|edit',
      'ansible-vault view|decrypt|edit',
      'infisical secrets|export',
      'git credential fill',
      'git credential-store|credential-cache|credential-manager|credential-osxkeychain get',
      'gpg --export-secret-keys|--export-secret-subkeys',
      'keyring get',
      'cmdkey /list',
      'docker secret inspect',
    ],
  },
  {
    class: 'credentials',
    because: 'makes or changes a secret',
    calls: [
      'aws iam create-access-key|update-access-key|create-service-specific-credential|reset-service-specific-credential',
      'aws secretsmanager put-secret-value|create-secret|update-secret|rotate-secret',
      'gcloud iam service-accounts keys create',
      'gcloud secrets create',
      'gcloud secrets versions add',
      'az ad sp|app credential reset',
      'az ad sp create-for-rbac',
      'az keyvault secret set',
      'gh secret set',
      'glab variable set',
      'npm token create',
      'vercel env add',
      'vercel env pull',
      'fly secrets set|import',
      'heroku config:set',
      'wrangler secret put',
      'doppler secrets set',
      'kubectl create secret',
      'vault write',
      'vault kv put|patch|delete',
      'security add-generic-password|add-internet-password',
    ],
  },
];
