import { child, entry, isFalse, isTrue, plainName, textOf } from '../tree.ts';
import type { Position, TreePattern } from '../visit.ts';
import { guard, keyed, level, pin, protects, sign, whenFalse, whenText, whenTrue } from './making.ts';
import { identifyingKeys, isStateful } from './stateful.ts';

const rule = 'destructive-change';

/** What keeps a resource from being deleted while it is true. */
const protections = [
  'deletionprotection',
  'deletionprotectionenabled',
  'enabledeletionprotection',
  'preventdestroy',
  'terminationprotection',
  'enableterminationprotection',
  'disableapitermination',
  'purgeprotectionenabled',
  'deleteprotection',
];

/** Where data, or what holds it, can be lost by a configuration. */
export const destructive: readonly TreePattern[] = [
  whenTrue({
    rule,
    pattern: 'force-destroy',
    keys: [
      'forcedestroy',
      'forcedelete',
      'autodeleteobjects',
      'forcedeletion',
      'deletecontentsondestroy',
      'allowdestroy',
      'emptyondelete',
      'purgeondelete',
      'forcedestroywithoutbackup',
    ],
    detail: 'is deleted with all that it holds',
  }),
  whenTrue({
    rule,
    pattern: 'final-snapshot-off',
    keys: ['skipfinalsnapshot', 'skipfinalbackup', 'skipfinalclustersnapshot'],
    detail: 'no snapshot is taken before it is deleted',
  }),
  whenTrue({
    rule,
    pattern: 'backups-deleted',
    keys: [
      'deleteautomatedbackups',
      'purgesoftdeleteondestroy',
      'purgesoftdeletedkeyvaultsondestroy',
      'permanentlydeleteondestroy',
    ],
    detail: 'backups are deleted with it',
  }),
  whenFalse({
    rule,
    pattern: 'deletion-protection-off',
    keys: [...protections, 'softdeleteenabled', 'enablepurgeprotection', 'enablesoftdelete'],
    detail: 'protection from deletion is turned off',
  }),
  protects(
    {
      rule,
      pattern: 'deletion-protection-off',
      keys: protections,
      detail: 'protection from deletion is gone',
    },
    isTrue,
  ),
  whenText(
    {
      rule,
      pattern: 'deletion-policy',
      keys: [
        'deletionpolicy',
        'updatereplacepolicy',
        'persistentvolumereclaimpolicy',
        'reclaimpolicy',
        'removalpolicy',
      ],
      detail: 'what it holds is deleted with it',
    },
    /^(delete|destroy|recycle)$/i,
  ),
  protects(
    {
      rule,
      pattern: 'deletion-policy',
      keys: [
        'deletionpolicy',
        'updatereplacepolicy',
        'persistentvolumereclaimpolicy',
        'reclaimpolicy',
        'helmshresourcepolicy',
        'helmsh/resourcepolicy',
      ],
      detail: 'what it holds is no longer kept when it is deleted',
    },
    (value) => /^(retain|snapshot|keep)$/i.test(textOf(value) ?? ''),
  ),
  keyed(
    {
      rule,
      pattern: 'retention-zero',
      keys: [
        'backupretentionperiod',
        'backupretentiondays',
        'retentionperiod',
        'retentiondays',
        'retentionindays',
        'softdeleteretentiondays',
        'softdeleteretentionindays',
        'recoverywindowindays',
        'snapshotretentionlimit',
        'automatedsnapshotretentionperiod',
        'backupretention',
        'transactionlogretentiondays',
        'pointintimerecoveryretentiondays',
        'noncurrentdays',
        'retainedbackups',
        'retention',
        'retentionhours',
        'retentionms',
      ],
      detail: 'nothing is kept: retention 0',
    },
    (value, position, { key }) => amount(textOf(value)) === 0 && !isForever(key, position),
  ),
  {
    keys: [
      'backupretentionperiod',
      'backupretentiondays',
      'retentionperiod',
      'retentiondays',
      'retentionindays',
      'softdeleteretentiondays',
      'softdeleteretentionindays',
      'recoverywindowindays',
      'deletionwindowindays',
      'snapshotretentionlimit',
      'automatedsnapshotretentionperiod',
      'backupretention',
      'transactionlogretentiondays',
      'retention',
      'days',
      'expirationindays',
      'noncurrentdays',
      'noncurrentversionexpirationindays',
      'age',
      'messageretentionseconds',
      'messageretentionduration',
      'retainedbackups',
      'keepdaily',
      'keepweekly',
      'keepmonthly',
      'keeplast',
      'deleteafter',
      'deleteafterdays',
      'retentionhours',
      'retentionms',
      'revisionhistorylimit',
      'storagetsdbretentiontime',
      'ttl',
      'historykeep',
      'dayaftercreation',
    ],
    facts: (found, _map, position) => {
      const key = plainName(found.key);
      const value = amount(textOf(found.value));
      if (value === undefined || isForever(found.key, position)) return [];
      const isOfLifecycle = position.path.some((name) =>
        /lifecycle|expiration|backup|retention|delete|schedule|snapshot/i.test(name),
      );
      if (/^(days|age|ttl|retention|revisionhistorylimit)$/.test(key) && !(isOfLifecycle || key === 'retention'))
        return [];
      return [
        level(
          rule,
          'retention-shortened',
          'what is kept is deleted earlier',
          found,
          `${position.path.join('/')}/${key}`,
          value,
        ),
      ];
    },
  },
  whenFalse({
    rule,
    pattern: 'backup-off',
    keys: [
      'backupenabled',
      'backupsenabled',
      'enablebackup',
      'enablebackups',
      'automaticbackupenabled',
      'pointintimerecoveryenabled',
      'pitrenabled',
      'enablepitr',
      'continuousbackupsenabled',
      'backtotapeenabled',
      'binarylogenabled',
      'enableversioning',
      'versioningenabled',
    ],
    detail: 'backups or versions are turned off',
  }),
  {
    keys: [
      'backup',
      'backups',
      'backupconfiguration',
      'pointintimerecovery',
      'pointintimerecoveryspecification',
      'versioning',
      'versioningconfiguration',
      'continuousbackups',
      'snapshots',
    ],
    facts: (found, _map, position) => {
      const switchedOff = entry(found.value, 'enabled', 'status', 'pointintimerecoveryenabled');
      const isOff =
        switchedOff && (isFalse(switchedOff.value) || /^(suspended|disabled)$/i.test(textOf(switchedOff.value) ?? ''));
      const isOn = switchedOff && (isTrue(switchedOff.value) || /^enabled$/i.test(textOf(switchedOff.value) ?? ''));
      const subject = `${position.path.join('/')}/${plainName(found.key)}`;
      if (isOff)
        return [
          sign(rule, 'backup-off', 'backups or versions are turned off', { ...switchedOff, key: found.key }, position),
        ];
      return isOn ? [guard(rule, 'backup-off', 'backups or versions are gone', found, subject)] : [];
    },
  },
  {
    documents: ['terraform'],
    keys: ['resource'],
    facts: (found) => {
      const [type, name] = found.labels ?? [];
      if (type === undefined || name === undefined || !isStateful(type)) return [];
      const address = `${type}.${name}`;
      const pins = (found.value.kind === 'map' ? found.value.entries : [])
        .filter(({ key, value }) => identifyingKeys.has(key) && value.kind === 'scalar')
        .map((each) =>
          pin(
            rule,
            'resource-replaced',
            `${type}: a new value makes a new one in its place`,
            each,
            `${address}.${each.key}`,
          ),
        );
      return [guard(rule, 'resource-removed', `${type} is no longer there`, found, address), ...pins];
    },
  },
  {
    // `moved` gives a resource another name, `removed` with `destroy = false` only lets go of it.
    documents: ['terraform'],
    keys: ['moved', 'removed'],
    facts: (found) => {
      const from = textOf(child(found.value, 'from'));
      const isLost = plainName(found.key) === 'removed' && !isFalse(child(child(found.value, 'lifecycle'), 'destroy'));
      return from === undefined || isLost
        ? []
        : [{ ...guard(rule, 'resource-removed', 'a resource has another name', found, from), onlyKeeps: true }];
    },
  },
  {
    documents: ['cloudformation'],
    keys: ['type'],
    facts: (found, map, position) => {
      const type = textOf(found.value) ?? '';
      if (!/^AWS::/.test(type) || !isStateful(type)) return [];
      const whole = { ...found, line: map.line, endLine: map.endLine };
      const isThere = guard(rule, 'resource-removed', `${type} is no longer there`, whole, position.path.join('/'));
      // What is retained stays without its template.
      const isRetained = /^retain/i.test(textOf(child(map, 'deletionpolicy')) ?? '');
      return [isRetained ? { ...isThere, onlyKeeps: true } : isThere];
    },
  },
  {
    documents: ['kubernetes'],
    keys: ['kind'],
    facts: (found, map, position) => {
      const kind = textOf(found.value) ?? '';
      if (
        position.parents.length > 0 ||
        !/^(PersistentVolume(Claim)?|StatefulSet|Namespace|CustomResourceDefinition|VolumeSnapshot|Database|PostgresCluster|postgresql|Kafka|Bucket|Backup|Schedule|BackupSchedule|ScheduledBackup)$/.test(
          kind,
        )
      )
        return [];
      const whole = { ...found, line: map.line, endLine: map.endLine };
      return [guard(rule, 'object-removed', `${kind} is no longer there`, whole, position.path.join('/'))];
    },
  },
  {
    documents: ['kubernetes'],
    keys: ['volumeclaimtemplates'],
    facts: (found, _map, position) => [
      guard(rule, 'object-removed', 'volumeClaimTemplates are gone', found, position.path.join('/')),
    ],
  },
  {
    documents: ['kubernetes', 'values'],
    keys: ['storage', 'size'],
    facts: (found, _map, position) => {
      const value = amount(textOf(found.value));
      const isVolume = position.path.some((name) => /requests|persistence|storage/i.test(name));
      if (value === undefined || !isVolume) return [];
      return [level(rule, 'volume-shrunk', 'a volume gets smaller', found, position.path.join('/'), value)];
    },
  },
  {
    documents: ['compose'],
    keys: ['volumes'],
    facts: (found, _map, position) =>
      position.parents.length > 0 || found.value.kind !== 'map'
        ? []
        : found.value.entries.map((each) =>
            guard(rule, 'volume-removed', 'a named volume is no longer there', each, `volume ${each.key}`),
          ),
  },
  whenText(
    {
      rule,
      pattern: 'schema-recreated',
      keys: [
        'ddlauto',
        'hibernateddlauto',
        'springjpahibernateddlauto',
        'hibernatehbm2ddlauto',
        'hbm2ddlauto',
        'javaxpersistenceschemagenerationdatabaseaction',
      ],
      detail: 'the schema is dropped and made again at each start',
    },
    /^(create|create-drop|drop-and-create|drop)$/i,
  ),
  whenText(
    { rule, pattern: 'forced-sync', keys: ['syncoptions'], detail: 'what runs is replaced by force' },
    /^(Replace|Force)=true$/,
  ),
  whenTrue({
    rule,
    pattern: 'schema-recreated',
    keys: [
      'dropschema',
      'dropfirst',
      'springliquibasedropfirst',
      'cleanonvalidationerror',
      'springflywaycleanonvalidationerror',
    ],
    detail: 'the schema is dropped and made again',
  }),
  {
    keys: ['paused', 'suspend', 'suspended'],
    facts: (found, _map, position) =>
      isTrue(found.value) && position.path.some((name) => /backup|^Schedule$|snapshot/i.test(name))
        ? [sign(rule, 'backup-off', 'backups are no longer made', found, position)]
        : [],
  },
  whenFalse({
    rule,
    pattern: 'clean-enabled',
    keys: ['springflywaycleandisabled', 'cleandisabled'],
    detail: 'the schema may be cleaned',
  }),
];

/** Log groups of CloudWatch never expire with 0. */
function isForever(key: string, { path }: Position): boolean {
  return plainName(key) === 'retentionindays' && path.some((name) => /log_?group/i.test(name));
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
  k: 1e3,
  g: 1e9,
  t: 1e12,
};

/** `30`, `30d`, `10Gi`. */
function amount(text: string | undefined): number | undefined {
  const parts = /^(?:\d{1,9}[dhms]){2,4}$/.test(text ?? '') ? (text ?? '').match(/\d+[dhms]/g) : null;
  if (parts) return parts.reduce((sum, part) => sum + (amount(part) ?? 0), 0);
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]{0,2})$/i.exec(text ?? '');
  if (!match) return undefined;
  const unit = (match[2] ?? '').toLowerCase();
  const factor = unit === '' ? 1 : units[unit];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}
