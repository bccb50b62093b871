import { child, isFalse, isTrue, type Tree, type TreeMap, textOf, textsOf } from '../tree.ts';
import type { Position, TreePattern } from '../visit.ts';
import { keyed, sign, whenFalse, whenText, whenTrue } from './making.ts';

const rule = 'permission-widened';
const anywhere = /^(0\.0\.0\.0\/0|::\/0|0::\/0)$/;
const anywhereOfAzure = /^(\*|Internet|Any|0\.0\.0\.0\/0|::\/0)$/i;

/** Who may reach what, and whether the other side is who it says. */
export const network: readonly TreePattern[] = [
  keyed(
    {
      rule,
      pattern: 'tls-check-off',
      keys: [
        'proxysslverify',
        'grpcsslverify',
        'sslverifyclient',
        'http.sslverify',
        'httpsslverify',
        'sslverifypeer',
        'sslverifyhost',
        'caverify',
        'verify',
      ],
      documents: ['values'],
      detail: 'the other side’s certificate is not checked',
    },
    isFalse,
  ),
  keyed(
    {
      rule,
      pattern: 'authentication-off',
      keys: ['protectedmode', 'authbasic', 'authrequest', 'requirepassword', 'aclenabled'],
      documents: ['values'],
      detail: 'authentication is turned off',
    },
    isFalse,
  ),
  keyed(
    {
      rule,
      pattern: 'root-login',
      keys: ['permitrootlogin', 'permitemptypasswords', 'passwordauthentication'],
      documents: ['values'],
      detail: 'anybody who knows a password may log in, or root may',
    },
    isTrue,
  ),
  whenText(
    {
      rule,
      pattern: 'authentication-off',
      keys: ['postgreshostauthmethod', 'hostauthmethod'],
      detail: 'everybody may log in without a password',
    },
    /^trust$/,
  ),
  whenText(
    {
      rule,
      pattern: 'authentication-off',
      keys: ['mysqlallowemptypassword', 'allowemptypassword', 'allowanonymouslogin'],
      detail: 'everybody may log in without a password',
    },
    /^(1|yes|true)$/i,
  ),
  whenText(
    { rule, pattern: 'authentication-off', keys: ['require'], documents: ['values'], detail: 'everybody is let in' },
    /^all granted$/,
  ),
  whenText(
    {
      rule,
      pattern: 'public-endpoints',
      keys: ['managementendpointswebexposureinclude', 'include'],
      documents: ['values'],
      detail: 'all endpoints for the management are open',
    },
    /^['"]?\*['"]?$/,
  ),
  {
    keys: [
      'cidrblocks',
      'ipv6cidrblocks',
      'cidripv4',
      'cidripv6',
      'cidrip',
      'cidr',
      'cidrblock',
      'sourceranges',
      'loadbalancersourceranges',
      'publicaccesscidrs',
      'allowedcidrs',
      'allowedcidrblocks',
      'ingresscidrblocks',
      'ingresscidr',
      'authorizednetworks',
      'sourcecidrblocks',
      'accesscidrs',
      'authorizediprangesapi',
      'whitelistsourcerange',
      'nginxingresskubernetesio/whitelistsourcerange',
      'iprules',
      'sourceaddresses',
      'sourceips',
      'allowedips',
      'allowedipranges',
      'ipv4cidr',
      'sshcidr',
      'sshallowedcidr',
      'admincidrs',
      'admincidr',
      'allowedsshcidrs',
      'sourceip',
      'apiserverauthorizedipranges',
    ],
    facts: (found, map, position) => {
      if (!textsOf(found.value).some((text) => anywhere.test(text)) || !isIngress(map, position)) return [];
      const at = { ...found, key: `${found.key} ${portsOf(map)}` };
      return [sign(rule, 'open-ingress', 'the whole internet may connect', at, position)];
    },
  },
  {
    keys: ['value'],
    documents: ['terraform', 'cloudformation'],
    facts: (found, map, position) => {
      const isNetwork = position.path.some((name) => /authorized_networks/.test(name));
      return isNetwork && anywhere.test(textOf(found.value) ?? '')
        ? [sign(rule, 'open-ingress', 'the whole internet may connect', { ...found, key: portsOf(map) }, position)]
        : [];
    },
  },
  {
    keys: ['default'],
    documents: ['terraform', 'cloudformation'],
    facts: (found, _map, position) => {
      const isSource = position.path.some(
        (name) => /cidr|allowed_?(ip|source)|source_?ranges/i.test(name) && !/egress/i.test(name),
      );
      return isSource && textsOf(found.value).some((text) => anywhere.test(text))
        ? [sign(rule, 'open-ingress', 'the whole internet may connect', found, position)]
        : [];
    },
  },
  {
    keys: ['sourceaddressprefix', 'sourceaddressprefixes'],
    facts: (found, map, position) => {
      const isInbound = /^inbound$/i.test(textOf(child(map, 'direction')) ?? 'Inbound');
      const isAllowed = /^allow$/i.test(textOf(child(map, 'access')) ?? 'Allow');
      if (!isInbound || !isAllowed || !textsOf(found.value).some((text) => anywhereOfAzure.test(text))) return [];
      const at = { ...found, key: `${found.key} ${portsOf(map)}` };
      return [sign(rule, 'open-ingress', 'the whole internet may connect', at, position)];
    },
  },
  {
    keys: ['startipaddress'],
    facts: (found, map, position) => {
      const ends = [textOf(found.value), textOf(child(map, 'endipaddress'))].join(' ');
      return ends === '0.0.0.0 255.255.255.255'
        ? [sign(rule, 'open-ingress', 'the whole internet may connect', found, position)]
        : [];
    },
  },
  whenText(
    {
      rule,
      pattern: 'cors-any-origin',
      keys: [
        'allowedorigins',
        'alloworigins',
        'corsorigins',
        'corsallowedorigins',
        'accesscontrolalloworigin',
        'alloworigin',
        'corsalloworigin',
        'corsorigin',
        'alloworiginpatterns',
        'allowedoriginpatterns',
        'nginxingresskubernetesio/corsalloworigin',
        'corsalloworigins',
        'httpcorsalloworigin',
        'alloworiginlist',
      ],
      detail: 'pages of any site may call it',
    },
    /^['"]?\*['"]?$/,
  ),
  keyed(
    { rule, pattern: 'cors-any-origin', keys: ['cors'], detail: 'pages of any site may call it' },
    (value) => textOf(value) === '*',
  ),
  whenTrue({
    rule,
    pattern: 'tls-check-off',
    keys: [
      'insecureskipverify',
      'insecureskiptlsverify',
      'skiptlsverify',
      'tlsinsecure',
      'tlsskipverify',
      'sslinsecure',
      'insecuretls',
      'allowinsecure',
      'skiptlsverification',
      'disabletls',
      'disablesslvalidation',
      'skipsslvalidation',
      'skipsslverify',
      'tlsinsecureskipverify',
      'insecureskiptls',
      'acceptinvalidcerts',
      'insecuressl',
      'trustservercertificate',
      'ignoresslerrors',
    ],
    detail: 'the other side’s certificate is not checked',
  }),
  keyed(
    {
      rule,
      pattern: 'tls-check-off',
      keys: [
        'tlsverify',
        'verifyssl',
        'sslverify',
        'validatecerts',
        'rejectunauthorized',
        'strictssl',
        'verifytls',
        'verifycertificates',
        'verifycertificate',
        'nodetlsrejectunauthorized',
        'pythonhttpsverify',
        'sslvalidation',
        'verifycerts',
        'certificateverification',
        'getssl',
        'tlsrejectunauthorized',
        'checkservercertificate',
      ],
      detail: 'the other side’s certificate is not checked',
    },
    (value) => isFalse(value) || /^(0|none)$/i.test(textOf(value) ?? ''),
  ),
  keyed(
    {
      rule,
      pattern: 'tls-check-off',
      keys: ['gitsslnoverify', 'nodetlsnoverify'],
      detail: 'the other side’s certificate is not checked',
    },
    (value) => /^(1|true)$/i.test(textOf(value) ?? ''),
  ),
  whenText(
    { rule, pattern: 'tls-off', keys: ['sslmode', 'pgsslmode'], detail: 'the connection is not encrypted' },
    /^(disable|disabled|allow)$/i,
  ),
  whenFalse({
    rule,
    pattern: 'tls-off',
    keys: [
      'httpsonly',
      'enablehttpstrafficonly',
      'sslenforcementenabled',
      'requiressl',
      'httpstrafficonlyenabled',
      'forcessl',
      'requiretls',
      'enforcessl',
      'httptohttpsredirect',
      'transitencryptionenabled',
    ],
    detail: 'connections need not be encrypted',
  }),
  whenFalse({
    rule,
    pattern: 'authentication-off',
    keys: [
      'authenabled',
      'authenticationenabled',
      'enableauthentication',
      'xpacksecurityenabled',
      'requireauthentication',
      'csrfenabled',
      'enablecsrf',
      'csrfprotection',
      'wtfcsrfenabled',
      'requireauth',
      'springsecurityenabled',
      'enablerbacauthorization',
      'rolebasedaccesscontrolenabled',
      'enablerbac',
      'rbacenabled',
      'mfaenabled',
      'enforcemfa',
      'authenticationrequired',
      'iamauthenticationenabled',
      'iamdatabaseauthenticationenabled',
      'protected',
      'managementsecurityenabled',
      'loginrequired',
    ],
    detail: 'authentication is turned off',
  }),
  keyed(
    {
      rule,
      pattern: 'authentication-off',
      keys: ['csrf', 'authentication', 'auth', 'authorization', 'rbac', 'security', 'mfa', 'clientauth'],
      detail: 'authentication is turned off',
    },
    (value) => isFalse(value) || isFalse(child(value, 'enabled')) || isFalse(child(value, 'create')),
  ),
  whenText(
    {
      rule,
      pattern: 'authentication-off',
      keys: [
        'authorization',
        'authorizationtype',
        'authtype',
        'functionurlauthtype',
        'authmode',
        'authorizationmode',
        'mfaconfiguration',
        'authenticationmode',
      ],
      detail: 'anybody may call it',
    },
    /^(none|alwaysallow|off|disabled|anonymous)$/i,
  ),
  whenTrue({
    rule,
    pattern: 'authentication-off',
    keys: [
      'anonymousauth',
      'anonymousaccess',
      'allowanonymous',
      'anonymousenabled',
      'allowunauthenticated',
      'allowunauthenticatedidentities',
      'disableauth',
      'disableauthentication',
      'authdisabled',
      'noauth',
      'skipauth',
      'authanonymousenabled',
      'csrfdisabled',
      'disablecsrf',
      'enableskiplogin',
      'localauthenabled',
      'adminenabled',
    ],
    detail: 'authentication is turned off',
  }),
  whenText(
    {
      rule,
      pattern: 'metadata-tokens-optional',
      keys: ['httptokens'],
      detail: 'instance metadata can be read without a token',
    },
    /^optional$/i,
  ),
];

function isIngress(map: TreeMap, { path, document }: Position): boolean {
  const names = path.map((name) => name.toLowerCase());
  if (
    names.some(
      (name) =>
        /egress|outbound|route|subnet|vpc$|destination/.test(name) &&
        !/ingress|security_group_rule|sourcerange/.test(name),
    )
  )
    return false;
  const type = textOf(child(map, 'type', 'direction', 'egress'));
  if (/^(egress|outbound|true)$/i.test(type ?? '')) return false;
  if (/^(deny|block|drop)$/i.test(textOf(child(map, 'action', 'ruleaction', 'access')) ?? '')) return false;
  if (document === 'terraform' && names[0] === 'resource') {
    return names.some((name) =>
      /ingress|security_group|firewall|authorized|eks_cluster|network_acl|vpc_config|load_?balancer|_service$|_redis|droplet|public_access|whitelist|allow/.test(
        name,
      ),
    );
  }
  return true;
}

/** Ports that a rule is about, so that one for another port is another rule. */
function portsOf(map: TreeMap): string {
  const ports = map.entries.filter(({ key }) => /port|protocol|allow/i.test(key));
  return ports.map(({ key, value }) => `${key}=${shown(value)}`).join(' ');
}

function shown(value: Tree): string {
  return value.kind === 'scalar' ? String(value.value) : textsOf(value).join(',');
}
