import type { ContentRule } from '../../content.ts';

/** A pattern of code. What it matches begins in code, never in a text or a comment; texts that follow are as they are written. */
export interface CodePattern {
  readonly rule: ContentRule;
  readonly pattern: string;
  readonly detail: string;
  /** Linear: no repetition within a repetition. */
  readonly code: RegExp;
  /** What must stand, or must not, in the 300 characters around. */
  readonly near?: RegExp;
  readonly unless?: RegExp;
}

function patterns(
  rule: ContentRule,
  pattern: string,
  detail: string,
  ...all: (RegExp | Pick<CodePattern, 'code' | 'near' | 'unless'>)[]
): CodePattern[] {
  return all.map((given) => ({ rule, pattern, detail, ...(given instanceof RegExp ? { code: given } : given) }));
}

const destructive = 'destructive-change';
const permission = 'permission-widened';

export const codePatterns: readonly CodePattern[] = [
  ...patterns(
    destructive,
    'drop-table',
    'a migration drops a table',
    /\b(?:op|batch_op|migrator|schema|Schema|queryRunner|queryInterface|knex|trx|db|pgm|conn|connection|sequelize)\s*\.\s*(?:schema\s*\.\s*)?(?:withSchema\([^()]*\)\s*\.\s*)?(?:drop_table|dropTable|dropTableIfExists|dropTables|dropAllTables|dropIfExists|dropCollection|dropSchema|dropDatabase|clearDatabase|dropAllSchemas)\s*\(/g,
    /\b(?:Migrator\(\)|migrator)\s*\.\s*DropTable\s*\(/g,
    /\bmigrations\.DeleteModel\s*\(/g,
    /^[^\S\n]*drop_table\b/gm,
    /\bSchema::(?:drop|dropIfExists|dropAllTables)\s*\(/g,
    /\.(?:drop_all|dropDatabase|drop_database)\s*\(/g,
    /\b(?:client|redis\w*|rdb|cache|r|conn|jedis)\s*\.\s*(?:flushall|flushdb|flushAll|flushDb|flushDB|FlushAll|FlushDB)\s*\(/g,
    /\bdropTable\s*\(\s*["'`]/g,
    /\bSchemaUtils\s*\.\s*(?:drop|dropSchema|dropDatabase)\s*\(/g,
  ),
  ...patterns(
    destructive,
    'drop-column',
    'a migration drops a column',
    /\b(?:op|batch_op|queryRunner|queryInterface|pgm|migrator)\s*\.\s*(?:drop_column|dropColumn|dropColumns|removeColumn)\s*\(/g,
    /\b(?:t|table|tbl|blueprint|\$table)\s*(?:\.|->)\s*dropColumns?\s*\(/g,
    /\bmigrations\.RemoveField\s*\(/g,
    /^[^\S\n]*remove_columns?\b/gm,
    /\.\s*DropColumn\s*\(/g,
  ),
  ...patterns(
    destructive,
    'schema-recreated',
    'the schema is dropped and made again',
    { code: /\bsync\s*\(\s*\{\s*force\s*:\s*true/g },
    /\bdropSchema\s*:\s*true/g,
    /\bsynchronize\s*\(\s*true\s*\)/g,
    /\bforce_reset\b\s*[:=]\s*[tT]rue/g,
    /["']?\bhibernate\.hbm2ddl\.auto["']?\s*[,:=]\s*["'](?:create|create-drop|drop)["']/g,
  ),
  ...patterns(
    destructive,
    'delete-all',
    'all rows are deleted',
    /\.\s*objects\s*\.\s*all\s*\(\s*\)\s*\.\s*delete\s*\(\s*\)/g,
    /\.\s*delete(?:Many|_many)\s*\(\s*(?:\{\s*\}|\{\s*where\s*:\s*\{\s*\}\s*,?\s*\}|filter\s*=\s*\{\s*\})?\s*\)/g,
    /\.\s*DeleteMany\s*\(\s*[\w.()]+\s*,\s*(?:bson\.[MD]\s*\{\s*\}|nil)\s*[,)]/g,
    /\.\s*(?:deleteAll|deleteAllInBatch)\s*\(\s*\)/g,
    /\b[fF]lyway\w*\s*\.\s*clean\s*\(\s*\)|\bcleanDisabled\s*\(\s*false\s*\)/g,
    /\bAllowGlobalUpdate\s*:\s*true/g,
    /\bWhere\s*\(\s*["'](?:1\s*=\s*1|true)["']\s*\)\s*\.\s*(?:Unscoped\(\)\s*\.\s*)?Delete\s*\(/g,
    /\.\s*destroy\s*\(\s*\{\s*(?:truncate\s*:\s*true|where\s*:\s*\{\s*\}\s*,?\s*\}|where\s*:\s*\{\s*\}\s*,\s*truncate)/g,
    /\b(?:session|db)\s*\.\s*query\s*\(\s*\w+\s*\)\s*\.\s*delete\s*\(/g,
    /\b(?:delete_all|destroy_all)\b(?!\s*\()/g,
    /\.\s*createQueryBuilder\s*\(\s*\)\s*\.\s*delete\s*\(\s*\)\s*\.\s*from\s*\([^()]*\)\s*\.\s*execute/g,
    /\btruncate\s*:\s*true\b/g,
    /\b(?:knex|db|trx)\s*\(\s*["'`]\w+["'`]\s*\)\s*\.\s*(?:del|delete|truncate)\s*\(\s*\)/g,
  ),
  ...patterns(
    destructive,
    'infrastructure-deleted',
    'it deletes infrastructure or what it holds',
    /\b(?:SkipFinalSnapshot|skipFinalSnapshot)\s*(?:[:=(]|=>)\s*(?:aws\.Bool\s*\(\s*|pulumi\.Bool\s*\(\s*|jsii\.Bool\s*\(\s*)?[tT]rue/g,
    /\.\s*(?:delete_db_instance|delete_db_cluster|deleteDBInstance|delete_bucket|deleteBucket|DeleteBucket|DeleteDBInstance|DeleteDBCluster|delete_table|deleteTable|DeleteTable|delete_stack|deleteStack|DeleteStack|delete_cluster|deleteCluster|DeleteCluster|delete_volume|DeleteVolume|terminate_instances|TerminateInstances|terminateInstances|schedule_key_deletion|delete_namespace|deleteNamespace|delete_collection_namespaced_\w+|delete_namespaced_persistent_volume_claim|delete_persistent_volume)\s*\(/g,
    /\bnew\s+(?:DeleteDBInstance|DeleteDBCluster|DeleteBucket|DeleteTable|DeleteStack|DeleteCluster|DeleteVolume|TerminateInstances|ScheduleKeyDeletion)Command\s*\(/g,
    /\b(?:removalPolicy|removal_policy|RemovalPolicy|setRemovalPolicy|applyRemovalPolicy|apply_removal_policy)\b\s*[:=(]\s*(?:\w+\.)?RemovalPolicy[._]DESTROY\b/g,
    /\bRemovalPolicy_DESTROY\b/g,
    /\b(?:autoDeleteObjects|auto_delete_objects|AutoDeleteObjects|forceDestroy|force_destroy|ForceDestroy|emptyOnDelete|EmptyOnDelete)\s*[:=(]\s*(?:\w+\.Bool\s*\(\s*)?[tT]rue\b/g,
    /\b(?:deletionProtection|deletion_protection|DeletionProtection|terminationProtection|termination_protection|TerminationProtection|deletionProtectionEnabled)\s*[:=(]\s*(?:\w+\.Bool\s*\(\s*)?[fF]alse\b/g,
    /\b(?:backupRetention|backup_retention|backupRetentionPeriod|backup_retention_period|BackupRetentionPeriod)\s*[:=(]\s*(?:(?:cdk\.|core\.)?Duration\.days\s*\(\s*|\w+\.(?:Int32|Int|Number|Int64)\s*\(\s*)?0\b/g,
  ),
  ...patterns(
    permission,
    'tls-check-off',
    'the other side’s certificate is not checked',
    /\brejectUnauthorized["']?\s*[:=]\s*false\b/g,
    /\b(?:env(?:iron)?\s*\[\s*["'`]|Setenv\s*\(\s*["'`])?NODE_TLS_REJECT_UNAUTHORIZED["'`]?\s*\]?\s*[:=,]\s*["'`]?0/g,
    /\bstrictSSL["']?\s*[:=]\s*false\b/g,
    /\bcheckServerIdentity\s*[:=]\s*(?:\([^()]*\)|\w+|function\s*\([^()]*\))\s*(?:=>)?\s*(?:undefined|null|\{\s*\}|\{\s*return\s*(?:undefined|null|true)?\s*;?\s*\})/g,
    /\bverify(?:_ssl|_certs|_certificates|_peer|_tls)["']?\s*[:=]\s*False\b|\.verify\s*=\s*False\b/g,
    {
      code: /\bverify["']?\s*[:=]\s*False\b/g,
      near: /(?:requests|httpx|session|\w*[sS]ession|\w*[cC]lient|urllib3?|http|hvac|boto3|conn|api|jwt|kwargs|opts|options)\s*[.=]|\.(?:get|post|put|patch|delete|head|request|fetch|decode|resource)\s*\(/,
    },
    { code: /\bssl\s*=\s*False\b/g, near: /aiohttp|TCPConnector|\.(?:get|post|put|request)\s*\(/ },
    /\b_create_unverified_context\b|\b_create_unverified_https_context\b/g,
    /\bcheck_hostname["']?\s*[:=]\s*False\b/g,
    /\bverify_mode\s*=\s*(?:ssl\.)?CERT_NONE\b|\bcert_reqs["']?\s*[:=]\s*(?:ssl\.CERT_NONE|["']CERT_NONE["'])|\bssl_cert_reqs["']?\s*[:=]\s*(?:None|["']none["'])/g,
    /\bInsecureSkipVerify["']?\s*[:=]\s*true\b/g,
    /\bssh\.InsecureIgnoreHostKey\s*\(/g,
    /\bset_missing_host_key_policy\s*\(\s*(?:paramiko\.)?(?:client\.)?(?:AutoAddPolicy|WarningPolicy)\b/g,
    /\b(?:NoopHostnameVerifier|AllowAllHostnameVerifier|ALLOW_ALL_HOSTNAME_VERIFIER|TrustAllStrategy|TrustAllCerts|InsecureTrustManagerFactory)\b(?!\s*;)/g,
    /\b(?:TrustSelfSignedStrategy)\s*(?:\(|\.)/g,
    /\b(?:[sS]etHostnameVerifier|setDefaultHostnameVerifier|hostnameVerifier)\s*\(\s*\(?[\w\s,]*\)?\s*->\s*(?:true|\{\s*return\s+true)/g,
    /\bboolean\s+verify\s*\(\s*(?:final\s+)?String\s+\w+\s*,\s*(?:final\s+)?SSLSession\s+\w+\s*\)\s*\{\s*return\s+true/g,
    /\bvoid\s+checkServerTrusted\s*\([^()]*\)\s*(?:throws\s+\w+\s*)?\{\s*\}/g,
    /\b(?:danger_accept_invalid_certs|danger_accept_invalid_hostnames|trustAll|setTrustAll|acceptInvalidCerts|accept_invalid_certs)\s*\(\s*true/g,
    /\btrustAll\s*:\s*true\b/g,
    /\bServerCertificate(?:Custom)?ValidationCallback\s*(?:\+?=)\s*(?:delegate|\([^()]*\)|\w+)\s*(?:\([^()]*\)\s*)?(?:=>)?\s*(?:true|\{\s*return\s+true)/g,
    /\bDangerousAcceptAnyServerCertificateValidator\b/g,
    /\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s*,\s*(?:false|0)/gi,
    /\bVERIFY_NONE\b/g,
    /\b(?:sslmode|ssl_mode)["']?\s*[:=]\s*["']?disable\b/g,
    /\bsetEndpointIdentificationAlgorithm\s*\(\s*(?:null|"")\s*\)/g,
    /\btrustServerCertificate["']?\s*[:=]\s*true\b/gi,
    /\bssl_verify\s*[:=]\s*(?:False|false)\b/g,
  ),
  ...patterns(
    permission,
    'cors-any-origin',
    'pages of any site may call it',
    /\b(?:setHeader|header|set|add|Set|Add|addHeader|append|put|putHeader|AddHeader|Header|writeHead)\s*\(\s*[\w.()]*\s*,?\s*["'`]Access-Control-Allow-Origin["'`]\s*,\s*["'`]\*["'`]/gi,
    /["'`]?Access-Control-Allow-Origin["'`]?\s*\]?\s*[:=]\s*["'`]\*["'`]/gi,
    {
      code: /\b(?:origins?|allow_origins|allowOrigins?|allowedOrigins?|AllowedOrigins|AllowOrigins|AllowedOriginPatterns|allowedOriginPatterns|CORS_ORIGINS|cors_allowed_origins|corsAllowedOrigins|allow_origin_regex)\b["']?\s*[:=]\s*(?:\[\s*\]\s*string\s*\{|\[|\(|\{|List\.of\(|Arrays\.asList\(|Collections\.singletonList\(|cors\.Cors\.\w+)?\s*["'`](?:\*|\.\*)["'`]/g,
    },
    {
      code: /\borigin\s*:\s*(?:true\b|\(?\s*\w+\s*,\s*(?:cb|callback|done)\s*\)?\s*=>\s*(?:cb|callback|done)\s*\(\s*null\s*,\s*true\s*\))/g,
      near: /cors/i,
    },
    /\b(?:allowedOrigins|allowedOriginPatterns|addAllowedOrigin|addAllowedOriginPattern|setAllowedOrigins|setAllowedOriginPatterns|WithOrigins|AllowOrigins)\s*\(\s*(?:List\.of\s*\(|Arrays\.asList\s*\(|Collections\.singletonList\s*\(|listOf\s*\()?\s*(?:"\*"|CorsConfiguration\.ALL)/g,
    /@CrossOrigin\s*(?:\(\s*\)|\(\s*(?:origins\s*=\s*)?\{?\s*"\*"|(?=\s*\n))/g,
    /\b(?:CORS_ALLOW_ALL_ORIGINS|CORS_ORIGIN_ALLOW_ALL)\s*=\s*True\b/g,
    /\bAllowAllOrigins\s*[:=]\s*true\b|\bAllowAnyOrigin\s*\(\s*\)|\bcors\.(?:AllowAll|Default)\s*\(\s*\)|\bCors\.ALL_ORIGINS\b/g,
    /\b(?:use|register)\s*\(\s*cors\s*(?:\(\s*\))?\s*\)|^[^\S\n]*CORS\s*\(\s*\w+\s*\)/gm,
    /\benableCors\s*\(\s*\)/g,
  ),
  ...patterns(
    permission,
    'world-writable',
    'everybody may write it',
    /\b(?:chmod|chmodSync|fchmod|lchmod|Chmod|mkdir|mkdirSync|makedirs|Mkdir|MkdirAll|WriteFile|OpenFile|chmodr)\s*\([^\n;]{0,200}?\b(?:0o?[0-7]?77[67]|0o?[0-7]?7[67]7|511)\b/g,
    /\b(?:chmod|chmodSync|fchmod|lchmod|Chmod)\s*\([^\n;]{0,200}?(?:\b0o?[0-7]?666\b|["'][0-7]?(?:777|666)["'])/g,
    /\b(?:umask|Umask)\s*\(\s*0*(?:o0+)?0\s*\)/g,
    /["']rwxrwxrwx["']/g,
    /\bset(?:Writable|Executable|Readable)\s*\(\s*true\s*,\s*false\s*\)/g,
    /\bPosixFilePermission\.OTHERS_WRITE\b|\bOTHERS_WRITE\b(?!\s*;)/g,
    /\bS_IRWXO\b|\bS_IWOTH\b/g,
  ),
  ...patterns(
    permission,
    'authentication-off',
    'a check of who calls is turned off',
    /\bcsrf\s*\(\s*\)\s*\.\s*disable\s*\(|\bcsrf\s*\(\s*(?:\w+::disable|\(?\w+\)?\s*->\s*\w+\.disable\s*\()/g,
    /\bcsrf\s*\{\s*(?:it\s*\.\s*)?disable\s*\(/g,
    /^[^\S\n]*@csrf_exempt\b/gm,
    /\bskip_before_action\s*:?\s*:verify_authenticity_token|\bskip_forgery_protection\b/g,
    /\b(?:WTF_CSRF_ENABLED|WTF_CSRF_CHECK_DEFAULT|CSRF_ENABLED|LOGIN_REQUIRED|AUTH_ENABLED|REQUIRE_AUTH(?:ENTICATION)?)["']?\s*\]?\s*[:=]\s*(?:False|false)\b/g,
    /\banyRequest\s*\(\s*\)\s*\.\s*permitAll\b/g,
    // Among the paths of a list too; what tells whether a service lives is for everybody.
    /\b(?:requestMatchers|antMatchers|mvcMatchers|pathMatchers)\s*\(\s*(?:HttpMethod\.\w+\s*,\s*)?(?:"[^"\n]*"\s*,\s*)*"\/(?:\*\*|(?:[\w-]+\/)*admin[^"\n]*|actuator(?!\/(?:health|info)\b)[^"\n]*|api\/\*\*)"\s*(?:,\s*"[^"\n]*"\s*)*\)\s*\.\s*permitAll\b/g,
    /\b(?:permission_classes|authentication_classes)\s*=\s*[[(]\s*(?:(?:permissions\.)?AllowAny\s*,?\s*)?[\])]|\bpermission_classes\s*\(\s*[[(]\s*(?:permissions\.)?AllowAny/g,
    /["']DEFAULT_(?:PERMISSION|AUTHENTICATION)_CLASSES["']\s*:\s*[[(]\s*(?:["']rest_framework\.permissions\.AllowAny["']|[\])])/g,
    /^[^\S\n]*@PermitAll\b|^[^\S\n]*\[AllowAnonymous\]|^[^\S\n]*@(?:Public|SkipAuth|NoAuth|AllowAnonymous)\s*\(/gm,
    /["']verify_signature["']\s*:\s*False|\bverify_signature\s*=\s*False/g,
    /\balgorithms?["']?\s*[:=]\s*\[?\s*["']none["']/gi,
    /\bignoreExpiration\s*:\s*true\b|\bjwt\.UnsafeAllowNoneSignatureType\b|\bSigningMethodNone\b|\bParseUnverified\s*\(/g,
    /\bALLOWED_HOSTS\s*=\s*\[\s*["']\*["']/g,
    /\b(?:httpOnly|HttpOnly)\s*:\s*false\b|\bSESSION_COOKIE_SECURE\s*=\s*False\b|\bCSRF_COOKIE_SECURE\s*=\s*False\b|\bSECURE_SSL_REDIRECT\s*=\s*False\b/g,
    /\bweb\s*\.\s*ignoring\s*\(\s*\)\s*\.\s*(?:anyRequest|(?:antMatchers|requestMatchers)\s*\(\s*"\/\*\*")/g,
  ),
  ...patterns(
    permission,
    'iam-wildcard',
    'a policy allows every action',
    {
      code: /["']?\b[aA]ctions?["']?\s*[:=(]\s*(?:\[\s*\]string\s*\{|&\[\s*\]\*string\s*\{|jsii\.Strings\s*\(|pulumi\.StringArray\s*\{|List\.of\s*\(|Arrays\.asList\s*\(|\[|\{)?\s*(?:pulumi\.String\s*\(|jsii\.String\s*\()?\s*["'`](?:[\w-]+:)?\*["'`]/g,
      unless: /["']?[eE]ffect["']?\s*[:=(]\s*(?:["']Deny["']|[\w.]*Effect[._]DENY)/,
    },
    /["'`](?:AdministratorAccess|arn:aws:iam::aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess))["'`]/g,
    /\b(?:AnyPrincipal|StarPrincipal|AccountPrincipal\s*\(\s*["']\*["'])\s*\(?\s*\)?/g,
  ),
  ...patterns(
    permission,
    'open-ingress',
    'the whole internet may connect',
    {
      code: /\b(?:CidrIp|CidrIpv6|cidrIp|cidr_ip|cidrBlocks|cidr_blocks|CidrBlocks|ipv6CidrBlocks|cidr|CIDRIP|SourceRanges|sourceRanges|source_ranges|sourceAddressPrefix)\b["']?\s*[:=(]\s*(?:aws\.String\s*\(|\[\s*\]string\s*\{|pulumi\.StringArray\s*\{|\[|\{)?\s*(?:pulumi\.String\s*\()?\s*["'`](?:0\.0\.0\.0\/0|::\/0|\*)["'`]/g,
      unless: /[eE]gress|[rR]oute/,
    },
    {
      code: /\b(?:Peer|ec2\.Peer|awsec2\.Peer)[._](?:anyIpv4|anyIpv6|any_ipv4|any_ipv6|AnyIpv4|AnyIpv6)\s*\(/g,
      unless: /[eE]gress/,
    },
    /\b(?:allowFromAnyIpv4|allow_from_any_ipv4|AllowFromAnyIpv4)\s*\(/g,
  ),
  ...patterns(
    permission,
    'public-access',
    'anybody may read it',
    /\b(?:publicReadAccess|public_read_access|PublicReadAccess|publiclyAccessible|publicly_accessible|PubliclyAccessible)\s*[:=(]\s*(?:\w+\.Bool\s*\(\s*)?[tT]rue\b/g,
    /["']?\b(?:ACL|acl|Acl|CannedACL|cannedAcl)["']?\s*[:=(]\s*(?:aws\.String\s*\(\s*|pulumi\.String\s*\(\s*)?["'`]public-read(?:-write)?["'`]/g,
    /\b(?:ObjectCannedACL(?:\.|_)?|CannedAccessControlList\.|BucketCannedACL\.?|types\.ObjectCannedACL)(?:PUBLIC_READ|PublicRead|public_read)\w*/g,
    /\b(?:blockPublicAcls|blockPublicPolicy|ignorePublicAcls|restrictPublicBuckets|BlockPublicAcls|BlockPublicPolicy|IgnorePublicAcls|RestrictPublicBuckets|block_public_acls|block_public_policy)["']?\s*[:=(]\s*(?:\w+\.Bool\s*\(\s*)?[fF]alse\b/g,
    /\bgrantPublicAccess\s*\(|\bgrant_public_access\s*\(|\bmakePublic\s*\(\s*\)|\bmake_public\s*\(\s*\)/g,
    { code: /["'`](?:allUsers|allAuthenticatedUsers)["'`]/g, near: /members?|role|iam|acl|entity/i },
  ),
  ...patterns(
    permission,
    'privileged',
    'a container with the rights of its host',
    /\b(?:privileged|Privileged|allowPrivilegeEscalation|AllowPrivilegeEscalation|hostNetwork|HostNetwork|HostPID|hostPID|host_network)["']?\s*(?::=|[:=])\s*(?:\w+\.(?:Bool|To|Ptr|BoolPtr)\s*\(\s*|boolPtr\(|ptr\(|&)?[tT]rue\b/g,
    /\bwithPrivileged(?:Mode)?\s*\(\s*true/g,
    /\b(?:network_mode|NetworkMode|pid_mode)\s*[:=]\s*["']host["']/g,
  ),
];

/**
 * Stems of words of which every pattern has one, in either case: a line with none of them is not looked at. A test holds
 * the two together.
 */
export const codeStems =
  /drop|delete|destroy|flush|clear|force|sync|truncate|snapshot|terminat|remov|retention|protect|flyway|cleandis|allowglobal|hbm2ddl|reject|tls|ssl|verif|checkserver|checkhost|check_host|unverified|cert|insecure|hostkey|host_key|trust|hostname|origin|cors|mode|chmod|mkdir|makedirs|openfile|writefile|umask|rwx|setwrit|setexec|setread|s_iw|others_w|csrf|forgery|login|permit|permission_classes|authentication|auth_enabled|require_auth|@public|skipauth|noauth|anonymous|signature|algorithm|expiration|none|unparsed|unverif|allowed_hosts|httponly|cookie|ignoring|action|administrator|principal|cidr|ranges|prefix|peer|anyip|any_ip|public|acl|allusers|allauth|privileged|hostnet|host_net|hostpid|rwx|schedule_key|\.del\b|privilege|rmtree|rimraf|\brm|fs\.|emptydir|execute|exec|query|system|command|popen|spawn|run\b|call\b|shell|sql|grant|alter|create/i;
