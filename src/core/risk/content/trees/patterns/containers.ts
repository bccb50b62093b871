import { child, entry, isFalse, isTrue, itemsOf, textOf, textsOf } from '../tree.ts';
import type { TreePattern } from '../visit.ts';
import { keyed, protects, sign, whenText, whenTrue } from './making.ts';

const rule = 'permission-widened';
const strongCapabilities =
  /^(CAP_)?(ALL|SYS_ADMIN|NET_ADMIN|SYS_PTRACE|SYS_MODULE|SYS_RAWIO|DAC_READ_SEARCH|DAC_OVERRIDE|BPF|SYS_CHROOT|SYS_BOOT|SETUID|SETGID|NET_RAW)$/i;
const hostFolders = /^(\/|\/(etc|root|proc|sys|dev|boot|home|usr|lib|var)(\/.*)?|.*docker\.sock|.*containerd\.sock)$/;

/** What a container may do to its host, and who may do what in a cluster. */
export const containers: readonly TreePattern[] = [
  whenTrue({
    rule,
    pattern: 'privileged',
    keys: ['privileged', 'privilegedmode', 'containerprivileged'],
    detail: 'a container with the rights of its host',
  }),
  whenTrue({
    rule,
    pattern: 'host-namespace',
    keys: ['hostnetwork', 'hostpid', 'hostipc'],
    detail: 'a container in its host’s namespace',
  }),
  whenText(
    {
      rule,
      pattern: 'host-namespace',
      keys: ['networkmode', 'pid', 'ipc', 'usernsmode', 'userns', 'pidmode', 'ipcmode'],
      documents: ['compose', 'cloudformation', 'terraform', 'values'],
      detail: 'a container in its host’s namespace',
    },
    /^host$/,
  ),
  whenTrue({
    rule,
    pattern: 'privilege-escalation',
    keys: ['allowprivilegeescalation'],
    detail: 'a process may get more rights than its parent',
  }),
  protects(
    {
      rule,
      pattern: 'privilege-escalation',
      keys: ['allowprivilegeescalation'],
      detail: 'privilege escalation is no longer ruled out',
    },
    isFalse,
  ),
  keyed(
    { rule, pattern: 'run-as-root', keys: ['runasuser'], detail: 'it runs as root' },
    (value) => textOf(value) === '0',
  ),
  keyed({ rule, pattern: 'run-as-root', keys: ['runasnonroot'], detail: 'it may run as root' }, isFalse),
  keyed({ rule, pattern: 'run-as-root', keys: ['user'], documents: ['compose'], detail: 'it runs as root' }, (value) =>
    /^(root|0)(:.*)?$/.test(textOf(value) ?? ''),
  ),
  protects({ rule, pattern: 'run-as-root', keys: ['runasnonroot'], detail: 'it may run as root now' }, isTrue),
  protects(
    {
      rule,
      pattern: 'writable-root',
      keys: ['readonlyrootfilesystem'],
      detail: 'its file system may be written to now',
    },
    isTrue,
  ),
  protects(
    {
      rule,
      pattern: 'service-account-token',
      keys: ['automountserviceaccounttoken'],
      detail: 'it gets a token of the cluster now',
    },
    isFalse,
  ),
  whenText(
    { rule, pattern: 'capabilities', keys: ['capadd', 'add'], detail: 'a container gets capabilities of its host' },
    strongCapabilities,
  ),
  protects(
    { rule, pattern: 'capabilities', keys: ['drop', 'capdrop'], detail: 'capabilities are no longer dropped' },
    (value) => textsOf(value).some((text) => /^all$/i.test(text)),
  ),
  {
    keys: ['hostpath'],
    documents: ['kubernetes', 'values', 'terraform'],
    facts: (found, _map, position) => {
      const isAllowed = found.value.kind === 'map' || typeof found.value.kind === 'string';
      const path = textOf(child(found.value, 'path')) ?? textOf(found.value);
      return isAllowed && path !== undefined
        ? [sign(rule, 'host-path', 'a container sees folders of its host', found, position)]
        : [];
    },
  },
  {
    keys: ['volumes'],
    documents: ['compose'],
    facts: (found, _map, position) =>
      itemsOf(found.value).flatMap((item) => {
        const source = textOf(child(item, 'source')) ?? textOf(item)?.split(':')[0] ?? '';
        const isPassive = /:ro$/.test(textOf(item) ?? '') && /^\/etc\/(localtime|timezone)$/.test(source);
        if (!hostFolders.test(source) || isPassive) return [];
        return [
          sign(
            rule,
            'host-path',
            'a container sees folders of its host',
            { ...found, value: item, line: item.line, endLine: item.endLine },
            position,
          ),
        ];
      }),
  },
  whenText(
    {
      rule,
      pattern: 'confinement-off',
      keys: ['securityopt', 'seccompprofile', 'seccomp', 'apparmor', 'apparmorprofile'],
      detail: 'it is no longer confined',
    },
    /^(seccomp|apparmor|label|systempaths)?[:=]?(unconfined|disable)$/i,
  ),
  keyed(
    {
      rule,
      pattern: 'confinement-off',
      keys: ['type'],
      documents: ['kubernetes', 'values'],
      detail: 'it is no longer confined',
    },
    (value) => textOf(value) === 'Unconfined',
  ),
  whenText(
    {
      rule,
      pattern: 'pod-security-privileged',
      keys: ['podsecuritykubernetesio/enforce'],
      detail: 'pods of a namespace may have any right',
    },
    /^privileged$/,
  ),
  {
    documents: ['kubernetes', 'values'],
    keys: ['verbs', 'resources'],
    facts: (found, map, position) =>
      textsOf(found.value).includes('*') && entry(map, 'verbs')
        ? [
            sign(
              rule,
              'rbac-wildcard',
              'a role may do anything',
              { ...found, value: { kind: 'map', entries: map.entries, line: map.line, endLine: map.endLine } },
              position,
            ),
          ]
        : [],
  },
  {
    documents: ['kubernetes', 'values'],
    keys: ['verbs'],
    facts: (found, map, position) => {
      const verbs = textsOf(found.value);
      const resources = textsOf(child(map, 'resources'));
      const isEscalation = verbs.some((verb) => /^(escalate|bind|impersonate)$/.test(verb));
      const writes = verbs.some((verb) => /^(create|update|patch|delete)$/.test(verb));
      const readsSecrets =
        resources.includes('secrets') &&
        verbs.some((verb) => /^(get|list|watch|create|update|patch)$/.test(verb)) &&
        !entry(map, 'resourcenames');
      const execs = resources.some((each) => /^pods\/(exec|attach)$/.test(each)) && writes;
      if (!isEscalation && !readsSecrets && !execs) return [];
      return [
        sign(
          rule,
          'rbac-strong',
          'a role may read secrets or get more rights',
          {
            ...found,
            value: { kind: 'map', entries: map.entries, line: map.line, endLine: map.endLine },
            line: map.line,
            endLine: map.endLine,
          },
          position,
        ),
      ];
    },
  },
  {
    documents: ['kubernetes', 'values'],
    keys: ['roleref'],
    facts: (found, _map, position) => {
      const name = textOf(child(found.value, 'name')) ?? '';
      return /^(cluster-admin|admin|system:masters)$/.test(name)
        ? [sign(rule, 'cluster-admin', 'the role of an administrator is bound', found, position)]
        : [];
    },
  },
  {
    documents: ['kubernetes', 'values'],
    keys: ['subjects'],
    facts: (found, _map, position) =>
      itemsOf(found.value)
        .filter((subject) =>
          /^system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/.test(
            textOf(child(subject, 'name')) ?? '',
          ),
        )
        .map((subject) =>
          sign(
            rule,
            'everybody-bound',
            'a role is bound to everybody',
            { ...found, value: subject, line: subject.line, endLine: subject.endLine },
            position,
          ),
        ),
  },
  keyed(
    {
      rule,
      pattern: 'world-writable',
      keys: [
        'mode',
        'defaultmode',
        'filemode',
        'directorymode',
        'directorypermission',
        'filepermission',
        'permissions',
        'dirmode',
      ],
      detail: 'everybody may write it',
    },
    (value) => opensMode(textOf(value)),
  ),
  keyed(
    {
      rule,
      pattern: 'sudo-no-password',
      keys: ['line', 'content', 'sudo', 'block', 'sudoers'],
      detail: 'a user becomes root without a password',
    },
    (value) => textsOf(value).some((text) => /\bNOPASSWD\b/.test(text)),
  ),
];

/** `0777`, `0o666`, `511` (0777 in decimal), `a+w`. */
function opensMode(text: string | undefined): boolean {
  if (text === undefined) return false;
  return /^(0o?)?[0-7]?[0-7]{2}[2367]$/.test(text)
    ? /[67]{1}[2367]$/.test(text) && text.length >= 3
    : text === '511' || /(^|,)[ugo]*[oa][ugoa]*[+=][rx]*w/.test(text);
}
