import type { classifyCommand as Classify } from '../../../commands/classify.ts';
import type { Sign } from '../fact.ts';

/** Where a script stands. */
export interface ScriptPlace {
  /** In the build of an image: what it removes there is a layer's, not the machine's. */
  readonly inImage?: boolean;
  /** A command that a program runs. */
  readonly inCode?: boolean;
  /** Variables with the address of a database that is the machine's own, where that lasts no longer than the job. */
  readonly passingDatabases?: ReadonlySet<string>;
  /** Told why commands were not looked at. */
  readonly onLeftOut?: (reason: string) => void;
}

type Said = Pick<Sign, 'rule' | 'pattern' | 'detail'>;

export interface CommandPattern extends Said {
  readonly matches: (words: readonly string[], text: string, place: ScriptPlace) => boolean;
}

const permission = 'permission-widened';
const destructive = 'destructive-change';

/** Words that run what follows. */
const wrappers = /^(sudo|doas|env|exec|time|nice|nohup|command|timeout|\d+[smh]?|-[EnHS]+|[A-Za-z_]\w*=.*)$/;

/** The parts of a pipeline, each from its program on. */
function* programs(words: readonly string[]): Generator<readonly string[]> {
  let start = 0;
  for (let at = 0; at <= words.length; at++) {
    if (at < words.length && words[at] !== '|') continue;
    let first = start;
    while (first < at && wrappers.test(words[first] as string)) first++;
    if (first < at) yield words.slice(first, at);
    start = at + 1;
  }
}

/** A program by its name, with arguments that say something of it. */
function uses(program: RegExp, tells: (args: readonly string[]) => boolean): CommandPattern['matches'] {
  return (words) => {
    for (const [name = '', ...args] of programs(words)) {
      if (program.test(name.slice(name.lastIndexOf('/') + 1)) && tells(args)) return true;
    }
    return false;
  };
}

const has = (args: readonly string[], word: RegExp): boolean => args.some((arg) => word.test(arg));
/** Short options may stand together: `-fsSLk`. */
const hasShort = (args: readonly string[], letter: string): boolean =>
  args.some((arg) => /^-[a-zA-Z]+$/.test(arg) && arg.includes(letter));
const follows = (args: readonly string[], option: RegExp, value: RegExp): boolean =>
  args.some(
    (arg, at) =>
      (option.test(arg) && value.test(args[at + 1] ?? '')) ||
      (/=/.test(arg) && option.test(arg.slice(0, arg.indexOf('='))) && value.test(arg.slice(arg.indexOf('=') + 1))),
  );

const tls = {
  rule: permission,
  pattern: 'tls-check-off',
  detail: 'the other side’s certificate or key is not checked',
} as const;
const world = { rule: permission, pattern: 'world-writable', detail: 'everybody may write it' } as const;
const container = { rule: permission, pattern: 'privileged', detail: 'a container with rights of its host' } as const;
const open = { rule: permission, pattern: 'open-ingress', detail: 'the whole internet may connect' } as const;
const granted = {
  rule: permission,
  pattern: 'cloud-grant',
  detail: 'the rights of an administrator, or of everybody, are given',
} as const;
/** A rule of a firewall, or a grant, that goes, and a rule that turns away. */
const tightens = (args: readonly string[]): boolean =>
  has(args, /^(revoke|detach|remove-iam|remove-permission)(-|$)/) ||
  has(args, /^(delete|deny|reject|DROP|REJECT|-D|--delete|--(action|access)=[dD](eny|ENY))$/) ||
  follows(args, /^--(action|access)$/, /^deny$/i);
const root = { rule: permission, pattern: 'sudo', detail: 'a user may become root' } as const;

const openMode =
  /^(0*[0-7]?[0-7][67][2367]|0*[0-7]?[67][0-7][2367]|([ugo]*[oa][ugoa]*|)[+=][rxX]*w[rwxX]*|[ugoa]*\+[rx]*s|0*[2467][0-7]{3})(,.*)?$/;

export const commandPatterns: readonly CommandPattern[] = [
  {
    ...world,
    matches: uses(
      /^chmod$/,
      (args) =>
        has(args.filter((arg) => !/^-[A-Za-z]+$/.test(arg)).slice(0, 1), openMode) ||
        has(args, /^([oa]|ugo|go)[+=][rx]*w/),
    ),
  },
  {
    ...world,
    matches: uses(
      /^(install|mkdir)$/,
      (args) => follows(args, /^(-m|--mode)$/, openMode) || has(args, /^-m0?[0-7]?77[67]$/),
    ),
  },
  { ...world, matches: uses(/^umask$/, (args) => has(args, /^0+$/)) },
  { ...world, matches: uses(/^setfacl$/, (args) => has(args, /\b(o|other)::?\w*w/)) },
  {
    ...tls,
    matches: uses(
      /^curl$/,
      (args) => hasShort(args, 'k') || has(args, /^(--insecure|--proxy-insecure|--ssl-no-revoke)$/),
    ),
  },
  { ...tls, matches: uses(/^wget2?$/, (args) => has(args, /^--no-check-certificate$/)) },
  {
    ...tls,
    matches: uses(
      /^(git|npm|yarn|pnpm|pip3?|python3?|http|https|gh)$/,
      (args) =>
        has(
          args,
          /^(http\..*)?sslverify=(false|0)$|^strict-ssl=false$|^--strict-ssl=false$|^--trusted-host(=.*)?$|^--verify=no$|^enableStrictSsl=false$/i,
        ) || follows(args, /^(http\.(.*\.)?sslverify|strict-ssl|enableStrictSsl)$/i, /^(false|0)$/),
    ),
  },
  {
    ...tls,
    matches: uses(
      /^(kubectl|oc|helm|argocd|docker|podman|skopeo|buildah|vault|mc|consul|etcdctl|crane|regctl|grpcurl|ansible\S*|terraform|aws|istioctl|flux)$/,
      (args) =>
        has(
          args,
          /^--?(insecure-skip-tls-verify|insecure-skip-tls|tls-verify=false|src-tls-verify=false|dest-tls-verify=false|tls-skip-verify|insecure|no-verify-ssl|insecure-registry|kube-insecure-skip-tls-verify|insecure-transport|skip-tls-verify)(=true|=false)?$/,
        ),
    ),
  },
  {
    ...tls,
    matches: uses(/^(ssh|scp|sftp|rsync|autossh|sshpass)$/, (args) => has(args, /StrictHostKeyChecking[= ]no/i)),
  },
  {
    ...tls,
    matches: (words, text) =>
      /\b(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)=["']?0|\bGIT_SSL_NO_VERIFY=["']?(1|true)|\bANSIBLE_HOST_KEY_CHECKING=["']?(false|0)/i.test(
        text,
      ) &&
      words.length < 400 &&
      !/^\s*#/.test(text),
  },
  {
    ...tls,
    pattern: 'unsigned-packages',
    detail: 'packages are installed without a check of their signature',
    matches: uses(/^(apt(-get)?|yum|dnf|apk|zypper)$/, (args) =>
      has(args, /^--(allow-unauthenticated|nogpgcheck|allow-untrusted|no-gpg-checks|force-yes)$/),
    ),
  },
  {
    ...container,
    matches: uses(
      /^(docker|podman|nerdctl)$/,
      (args) =>
        has(args.slice(0, 3), /^(run|create|exec)$/) &&
        (has(args, /^--privileged(=true)?$/) ||
          follows(args, /^--cap-add$/, /^(CAP_)?(ALL|SYS_ADMIN|NET_ADMIN|SYS_PTRACE|SYS_MODULE)$/i) ||
          follows(args, /^--(net|network|pid|ipc|uts|userns)$/, /^host$/) ||
          follows(
            args,
            /^(-v|--volume|--mount)$/,
            /^\/:|docker\.sock|^\/(etc|root|var\/run|proc|sys)(\/|:)|(source|src)=\/(,|$)/,
          ) ||
          follows(args, /^--security-opt$/, /unconfined|disable/) ||
          follows(args, /^(-u|--user)$/, /^(root|0)(:|$)/)),
    ),
  },
  {
    ...open,
    matches: uses(
      /^(aws|gcloud|az|doctl|hcloud|openstack|ufw|iptables|eksctl)$/,
      (args) =>
        has(args, /(^|[=:,{'"])(0\.0\.0\.0\/0|::\/0)/) &&
        has(args, /ingress|firewall|nsg|authorized|public-access|security-group|rule|allow|INPUT|access-cidrs/i) &&
        !has(args, /egress|route|^(describe|list|get|show)/i) &&
        !tightens(args),
    ),
  },
  {
    ...open,
    matches: uses(
      /^az$/,
      (args) =>
        has(args, /^nsg$/) &&
        follows(args, /^--source-address-prefix(es)?$/, /^(\*|Internet|0\.0\.0\.0\/0)$/) &&
        !tightens(args),
    ),
  },
  {
    ...open,
    pattern: 'firewall-off',
    detail: 'a firewall or its confinement is turned off',
    matches: uses(
      /^(ufw|setenforce|iptables|ip6tables|nft|systemctl|netsh)$/,
      (args) =>
        (has(args.slice(0, 1), /^(disable|0|Permissive|permissive|-F|--flush|flush)$/) &&
          (!has(args, /^disable$/) || args.length === 1 || has(args, /firewalld|ufw|apparmor|iptables/)) &&
          !has(args, /^-P$/)) ||
        (follows(args, /^-P$/, /^INPUT$/) && has(args, /^ACCEPT$/)),
    ),
  },
  {
    ...granted,
    matches: uses(
      /^(gcloud|gsutil|az|aws|kubectl|oc)$/,
      (args) =>
        !tightens(args) &&
        (follows(
          args,
          /^--(role|clusterrole)$/,
          /^(roles\/(owner|editor|.*[aA]dmin)|Owner|Contributor|User Access Administrator|cluster-admin|admin)$/,
        ) ||
          has(args, /^(allUsers|allAuthenticatedUsers)(:.*)?$|:(allUsers|allAuthenticatedUsers)$/) ||
          follows(args, /^--member$/, /^all(Authenticated)?Users$/) ||
          has(args, /:policy\/(AdministratorAccess|PowerUserAccess|\w+FullAccess)$/) ||
          follows(args, /^--acl$/, /^public-read(-write)?$/) ||
          has(args, /^--(allow-unauthenticated|publicly-accessible|no-block-public-acls)$/) ||
          follows(args, /^--public-access(-block)?$/, /^(blob|container)$/) ||
          follows(args, /^--principal$/, /^\*$/) ||
          has(args, /BlockPublicAcls=false/i) ||
          has(args, /^cluster-admin$/) ||
          has(args, /^delete-public-access-block$/)),
    ),
  },
  {
    ...root,
    pattern: 'sudo-no-password',
    detail: 'a user becomes root without a password',
    matches: (_, text) => /\bNOPASSWD\b/.test(text),
  },
  {
    ...root,
    matches: uses(
      /^(usermod|gpasswd|adduser|addgroup|useradd)$/,
      (args) =>
        (has(args, /^-\w*[aG]\w*$/) || args.length === 2 || has(args, /^--groups?$/)) &&
        has(args, /^(.*,)?(sudo|wheel|docker|root|admin|lxd|disk)(,.*)?$/),
    ),
  },
  {
    ...root,
    pattern: 'set-user-id',
    detail: 'a program runs with its owner’s rights or more',
    matches: uses(/^(setcap)$/, (args) => has(args, /cap_(sys_admin|setuid|dac_override|all|sys_ptrace)/)),
  },
  {
    ...root,
    pattern: 'root-login',
    detail: 'root may log in',
    matches: (_, text) =>
      /\bPermitRootLogin\s+yes\b|\bPasswordAuthentication\s+yes\b|\bPermitEmptyPasswords\s+yes\b/.test(text),
  },
  {
    rule: destructive,
    pattern: 'force-push',
    detail: 'a branch that others see is replaced or removed',
    matches: uses(
      /^git$/,
      (args) =>
        has(args, /^push$/) &&
        (has(args, /^(--force|--force-with-lease(=.*)?|--mirror|--delete|--prune)$/) ||
          hasShort(args, 'f') ||
          has(args, /^-d$/) ||
          has(args.slice(args.indexOf('push') + 1), /^\+./)) &&
        !has(args, /^(--dry-run|-n)$/),
    ),
  },
  {
    rule: destructive,
    pattern: 'force-delete',
    detail: 'a force flag replaces or removes what runs',
    matches: uses(
      /^(kubectl|oc|helm)$/,
      (args) => has(args, /^(apply|replace)$/) && has(args, /^--(force|prune)(=true)?$/),
    ),
  },
  {
    rule: destructive,
    pattern: 'history-rewrite',
    detail: 'commits are rewritten',
    matches: uses(/^git$/, (args) => has(args.slice(0, 3), /^(filter-branch|filter-repo)$/)),
  },
  {
    rule: destructive,
    pattern: 'infrastructure-deleted',
    detail: 'it takes infrastructure down',
    matches: uses(
      /^(terraform|tofu|terragrunt)$/,
      (args) => has(args, /^-{1,2}(destroy|replace(=.*)?)$/) || has(args.slice(0, 3), /^destroy$/),
    ),
  },
  {
    rule: destructive,
    pattern: 'protection-off',
    detail: 'a protection from deletion, or a backup, is turned off',
    matches: uses(
      /^(aws|gcloud|az)$/,
      (args) =>
        has(
          args,
          /^--(no-deletion-protection|skip-final-snapshot|no-backup|force-delete-without-recovery|delete-automated-backups|no-enable-point-in-time-recovery|disable-api-termination=false|no-disable-api-termination)$/,
        ) || follows(args, /^--(backup-retention-period|retention-in-days|retained-backups-count)$/, /^0$/),
    ),
  },
  {
    rule: destructive,
    pattern: 'disk-erased',
    detail: 'a disk is erased',
    matches: uses(/^dd$/, (args) => has(args, /^of=\/dev\/(sd|nvme|vd|xvd|disk|hd|mapper)/)),
  },
  {
    rule: permission,
    pattern: 'authentication-off',
    detail: 'authentication is turned off',
    matches: (words) =>
      words.some(
        (word, at) =>
          /^--?(no-?auth|noauth|skip-grant-tables|anonymous-auth(=true)?|disable-auth(entication)?|auth[-_]?(mode|method)?=(none|trust|disabled)|authorization-mode=(.*,)?AlwaysAllow(,.*)?|without-auth|insecure-port=[1-9]\d*|no-authentication|allow-anonymous|dangerously-skip-permissions)$/i.test(
            word,
          ) ||
          (/^--?protected-mode$/.test(word) && words[at + 1] === 'no') ||
          (/^--?requirepass$/.test(word) && words[at + 1] === '') ||
          (/^--?authorization-mode$/.test(word) && words[at + 1] === 'AlwaysAllow'),
      ) ||
      words.some((word) => /^POSTGRES_HOST_AUTH_METHOD=trust$|^MYSQL_ALLOW_EMPTY_PASSWORD=(1|yes|true)$/i.test(word)),
  },
  {
    rule: 'dependency-added',
    pattern: 'unpinned-install',
    detail: 'installs whatever version is the newest',
    matches: uses(/^(pip3?|pipx|npm|yarn|pnpm|gem|cargo|go|python3?|uv|bun)$/, installsUnpinned),
  },
];

const surroundingHome = '/home/user';
/** The home of whoever builds an image, a runner's, and the one that a script is taken to run in. */
const homes = ['/root', '/home/runner', surroundingHome];

/** Folders that hold what can be made again, in images and on build machines. */
const temporary = [
  ...homes.flatMap((home) => ['.cache', '.npm', 'work/_temp'].map((folder) => `${home}/${folder}`)),
  '/tmp',
  '/var/tmp',
  '/var/lib/apt',
  '/var/cache',
  '/usr/share/doc',
  '/usr/share/man',
  '/usr/local/share/man',
  '/var/log/apt',
  '/dev/shm',
];
const surroundings = { folder: `${surroundingHome}/repository`, home: surroundingHome, temporary } as const;

/** Variables that by their name hold a path of something that can be made again. */
const passingName =
  /\$\{?((?:\w*_)?(?:TE?MP|TMP_?DIR|TEMP_?DIR|BUILD|BUILD_?DIR|DIST|DIST_?DIR|OUT|OUT_?DIR|OUTPUT|OUTPUT_?DIR|CACHE|CACHE_?DIR|WORK_?DIR|WORKSPACE|STAGING_?DIR|COVERAGE\w*|SCRATCH\w*|TARGET_?DIR|OBJ_?DIR|RUNNER_TEMP|GITHUB_WORKSPACE|CI_PROJECT_DIR|SANDBOX\w*|ARTIFACTS?_?DIR|VENV\w*|BIN_?DIR|PKG_?DIR|RELEASE_?DIR|EXTRACT\w*|TEST\w*))\b(?!\[)/gi;
/** How scripts find the folder of their repository. */
const repositoryFolder = /\$\(git rev-parse --show-toplevel\)|`git rev-parse --show-toplevel`/g;
const unrelated = /discards work that is in no commit|lets go of commits|scheduled jobs/;

/** What the classifier of assistants' commands says of one: what it destroys. */
export function tellsOfClassifier(
  text: string,
  knownBefore: string,
  place: ScriptPlace,
  classify: typeof Classify,
): Said[] {
  const known = knownBefore.replace(repositoryFolder, surroundings.folder);
  const names = new Set([...text.matchAll(passingName)].map((match) => match[1] as string));
  const set = [...names]
    .filter((name) => !new RegExp(`(^|\\s)${name}=`, 'm').test(known))
    .map((name) => `${name}=/tmp/${name.toLowerCase()}\n`);
  const { findings } = classify(`${set.join('')}${known}${text}`, surroundings);
  const before = findings.length === 0 || known === '' ? [] : classify(known, surroundings).findings;
  return findings
    .filter(({ what }) => !before.some((other) => other.what === what))
    .filter(({ class: name, because }) => name === 'destructive' && !unrelated.test(because))
    .filter(({ what }) => !isUsual(what, text, place))
    .map(({ what }) => ({ rule: destructive, pattern: 'destructive-command', detail: what }));
}

/** What a build of an image, or a script that tidies up, does every day. */
function isUsual(what: string, text: string, { inImage = false, inCode = false }: ScriptPlace): boolean {
  if (/^(rm( -r)?|unlink|find -delete|removal by code|mv to|truncate)/.test(what)) {
    if (inImage) return !/\s\/(\s|$|\*)/.test(text);
    if (inCode) return !/\s(-\w+\s+)*["']?(\/|~|\$\w*\/?["']?$|\/\*)/.test(text);
    return /\bmktemp\b/.test(text);
  }
  if (/^docker (rm|container|image|network|builder|service|secret|config|stack|system)/.test(what))
    return !/--volumes|\bstack\b|\bservice\b|\bsecret\b/.test(text);
  if (/^kubectl delete/.test(what))
    return /\bdelete\s+(-\S+\s+)*(pods?|po|jobs?|events?|replicasets?|rs)([\s/,]|$)/.test(text);
  if (/^(minikube|kind|k3d|vagrant|multipass|lxc)/.test(what)) return true;
  if (/^write to a system file|^rsync --delete|^aws s3 sync|^gsutil rsync|^gh (release|issue|cache)/.test(what))
    return true;
  return /^aws \* (deregister|remove)/.test(what);
}

const databaseClients = /^(psql|mysql|mariadb|mongosh?|dropdb|mysqladmin|redis-cli)$/;

/** Whether a command is sent to no database but one that lasts no longer than the job. */
export function isForPassingDatabase(
  words: readonly string[],
  text: string,
  { passingDatabases }: ScriptPlace,
): boolean {
  if (passingDatabases === undefined || words.includes('|') || !databaseClients.test(words[0] ?? '')) return false;
  const names = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] as string);
  return names.length > 0 && names.every((name) => passingDatabases.has(name));
}

/** Programs that a build brings up to date before it begins. */
const tools = /^(pip|setuptools|wheel|npm|yarn|pnpm|corepack|uv|poetry|pipenv|virtualenv|bundler)$/;

/** `pip install NAME`, `npm install -g NAME`, `go install PATH@latest`. */
function installsUnpinned(args: readonly string[]): boolean {
  const at = args.findIndex((arg) => /^(install|add|i|get|global)$/.test(arg));
  if (at < 0 || args.slice(0, at).some((arg) => !/^(-m|pip3?|tool|global|-\S+)$/.test(arg))) return false;
  const rest = args.slice(at + 1);
  if (
    has(
      rest,
      /^(-r|--requirement|-e|--editable|-c|--constraint|--version|-v|--locked|--path|--git|--frozen-lockfile)(=.*)?$|requirements/,
    )
  )
    return false;
  const names = rest.filter(
    (arg, i) =>
      !arg.startsWith('-') &&
      !/^(-t|--target|--prefix|-i|--index-url|--extra-index-url|--registry|--root|--cache-dir|--trusted-host|-f|--find-links)$/.test(
        rest[i - 1] ?? '',
      ) &&
      arg !== 'add' &&
      arg !== '|',
  );
  return names.some((name) => !tools.test(name.replace(/@latest$/, '')) && isUnpinnedName(name));
}

function isUnpinnedName(name: string): boolean {
  // From a repository: at a branch, or at nothing, unless a version or a commit is named.
  if (/^(?:[\w.-]+\s*@\s*)?(?:git\+|github:|gitlab:|bitbucket:)/.test(name)) {
    const address = name.replace(/#(egg|subdirectory)=.*$/, '');
    return (
      !/\$|EXPRESSION|TEMPLATE/.test(name) && !/[@#](semver:)?(v?\d+(\.\d+)+[\w.-]*|[0-9a-f]{7,40})$/.test(address)
    );
  }
  if (/^[.~/$]|[*]|^\w+:\/\/|\.(whl|tgz|gem|zip)$|=|<|>|\$|EXPRESSION|TEMPLATE/.test(name)) return false;
  if (!/^@?[A-Za-z][\w./@-]*(\[[\w,]+\])?$/.test(name)) return false;
  const version = /.@([^@/]+)$/.exec(name)?.[1];
  return version === undefined
    ? !/^(it|the|all|dev|prod)$/.test(name)
    : /^(latest|next|main|master|HEAD)$/.test(version);
}
