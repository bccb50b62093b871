import { child, entry, isTrue, plainName, type Tree, type TreeMap, textOf, textsOf } from '../tree.ts';
import type { TreePattern } from '../visit.ts';
import { keyed, sign, whenText } from './making.ts';

const rule = 'permission-widened';

/** Who may do what in a cloud: AWS policies as JSON, YAML and HCL, and the roles of Google and Azure. */
export const iam: readonly TreePattern[] = [
  {
    // A statement of a policy: `Effect`, `Action`, `Resource`, `Principal`; in HCL `effect` may be absent.
    facts: (found, map, position) => {
      const effect = textOf(child(map, 'effect'));
      const isStatement = effect !== undefined || (position.document === 'terraform' && /^statement$/i.test(found.key));
      if (!isStatement || /^deny$/i.test(effect ?? 'Allow')) return [];
      const problem = widestOf(map);
      return problem === undefined
        ? []
        : [{ ...sign(rule, problem.pattern, problem.detail, found, position), byRemoval: true }];
    },
  },
  keyed(
    { rule, pattern: 'iam-wildcard', keys: ['actions'], detail: 'a role with every action' },
    (value, { parents, document }) => {
      const isRole = document === 'terraform' && parents.some((parent) => entry(parent, 'permissions') !== undefined);
      return isRole && textsOf(value).includes('*');
    },
  ),
  whenText(
    {
      rule,
      pattern: 'iam-admin-policy',
      keys: ['policyarn', 'managedpolicyarns', 'managedpolicies', 'policyarns', 'permissionsboundary', 'policies'],
      detail: 'an administrator’s policy is attached',
    },
    /:policy\/(?:[\w-]+\/)*(AdministratorAccess|PowerUserAccess|\w+FullAccess)(?![\w-])|^(AdministratorAccess|PowerUserAccess|\w+FullAccess)$/,
  ),
  whenText(
    {
      rule,
      pattern: 'role-owner',
      keys: ['role', 'roles', 'roledefinitionname', 'rolename'],
      detail: 'the role of an owner or administrator is given',
    },
    /^(roles\/(owner|editor|resourcemanager\.\w*[aA]dmin|iam\.(securityAdmin|serviceAccountTokenCreator|serviceAccountAdmin|serviceAccountKeyAdmin)|\w+\.admin|storage\.admin)|Owner|Contributor|User Access Administrator|Role Based Access Control Administrator|Global Administrator)$/,
  ),
  whenText(
    {
      rule,
      pattern: 'public-member',
      keys: ['member', 'members', 'principal', 'principals', 'entity'],
      detail: 'everybody is let in',
    },
    /^(allUsers|allAuthenticatedUsers)$/,
  ),
  whenText({ rule, pattern: 'public-principal', keys: ['principal'], detail: 'any account may call it' }, /^\*$/),
];

interface Problem {
  readonly pattern: string;
  readonly detail: string;
}

function widestOf(statement: TreeMap): Problem | undefined {
  const actions = textsOf(child(statement, 'action', 'actions'));
  const resources = textsOf(child(statement, 'resource', 'resources'));
  const hasCondition = entry(statement, 'condition', 'conditions') !== undefined;
  if (actions.some((action) => /^(\*|[\w-]+:\*|\*:\*)$/.test(action)))
    return { pattern: 'iam-wildcard', detail: 'a policy allows every action' };
  if (entry(statement, 'notaction', 'notactions'))
    return { pattern: 'iam-not-action', detail: 'a policy allows all actions but some' };
  if (isAnybody(statement) && !hasCondition) return { pattern: 'public-principal', detail: 'a policy lets anybody in' };
  const isUnscoped = resources.includes('*') && !hasCondition;
  if (isUnscoped && actions.some((action) => !isHarmlessUnscoped(action))) {
    return { pattern: 'iam-any-resource', detail: 'a policy allows a change of any resource' };
  }
  return undefined;
}

function isAnybody(statement: TreeMap): boolean {
  const principal = entry(statement, 'principal', 'principals')?.value;
  return principal !== undefined && hasAnybody(principal);
}

function hasAnybody(principal: Tree): boolean {
  if (principal.kind === 'scalar') return textOf(principal) === '*';
  if (principal.kind === 'list') return principal.items.some(hasAnybody);
  return principal.entries.some(
    ({ key, value }) => /^(aws|identifiers|canonicaluser)$/.test(plainName(key)) && textsOf(value).includes('*'),
  );
}

/** Actions that read, or that know no resource to be limited to. */
function isHarmlessUnscoped(action: string): boolean {
  const [service = '', name = ''] = action.split(':');
  if (
    /^(Get|List|Describe|BatchGet|Head|Lookup|Search|View|Check|Validate|Estimate|Query|Scan|Select|Filter|Read)/.test(
      name,
    )
  ) {
    return !/^(GetSecretValue|GetSessionToken|GetFederationToken)/.test(name);
  }
  return (
    /^(xray|cloudwatch|logs|ec2messages|ssmmessages|cognito-identity|mobileanalytics|tag|ce|cur|aps)$/.test(service) ||
    /^(CreateNetworkInterface|DeleteNetworkInterface|AssignPrivateIpAddresses|UnassignPrivateIpAddresses|UpdateInstanceInformation|PutMetricData|AttachNetworkInterface)$/.test(
      name,
    )
  );
}

/** A key that protects buckets from being public. */
export const publicAccess: readonly TreePattern[] = [
  whenText(
    {
      rule,
      pattern: 'public-acl',
      keys: ['acl', 'accesscontrol', 'predefinedacl', 'cannedacl', 'containeraccesstype', 'publicaccess', 'defaultacl'],
      detail: 'anybody may read it',
    },
    /^(public-?read(-?write)?|PublicRead(Write)?|authenticated-?read|AuthenticatedRead|blob|container|website|publicRead(Write)?)$/i,
  ),
  keyed(
    {
      rule,
      pattern: 'public-access-unblocked',
      keys: [
        'blockpublicacls',
        'blockpublicpolicy',
        'ignorepublicacls',
        'restrictpublicbuckets',
        'publicaccessblockenabled',
      ],
      detail: 'public access is no longer blocked',
    },
    (value) => value.kind === 'scalar' && /^false$/i.test(String(value.value)),
  ),
  keyed(
    {
      rule,
      pattern: 'public-access',
      keys: [
        'publiclyaccessible',
        'publicreadaccess',
        'allowblobpublicaccess',
        'allownesteditemstobepublic',
        'publicnetworkaccessenabled',
        'ispublic',
        'assignpublicip',
        'associatepublicipaddress',
        'mappubliciponlaunch',
        'publicreadenabled',
        'publicaccessenabled',
        'endpointpublicaccess',
      ],
      detail: 'it can be reached by anybody',
    },
    isTrue,
  ),
];
