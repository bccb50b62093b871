import { Globs } from '../glob.ts';

/** Parts of a repository where a mistake costs more than elsewhere. */
export const sensitiveAreas = [
  'auth',
  'crypto',
  'payments',
  'migrations',
  'ci',
  'infrastructure',
  'permissions',
  'release',
] as const;
export type SensitiveArea = (typeof sensitiveAreas)[number];

/**
 * What belongs to each area where no policy says more; letters match in either case. A folder counts with all that is in it,
 * a name only as a whole word of a program's name (`authService.ts`, `jwt_utils.py`): `author.ts` is nobody's login.
 */
export const sensitiveGlobs: Readonly<Record<SensitiveArea, readonly string[]>> = {
  auth: [
    ...[
      'auth',
      'authn',
      'authz',
      'authentication',
      'authorization',
      'oauth',
      'oauth2',
      'oidc',
      'saml',
      'sso',
      'login',
      'identity',
      'session',
      'sessions',
    ].map((name) => `**/${name}/**/*`),
    '**/{auth,oauth,oauth2,oidc,saml,sso,login,signin,jwt,session,mfa,totp,passport,password,credentials}.*',
    '**/{auth,oauth,oidc,saml,sso,login,jwt,session,mfa,password,credential}{[-_.]*,service*,controller*,middleware*,guard*,provider*,handler*,filter*,manager*,config*,utils*,entication*,orization*,strategy*}.*',
    '**/*[-_.]{auth,oauth,oidc,saml,sso,login,jwt,mfa,password,session}.*',
    '**/{SecurityConfig,WebSecurityConfig,SecurityConfiguration,JwtFilter,JwtUtil}*.{java,kt,scala,groovy}',
    '**/config/initializers/{devise,omniauth,session_store,doorkeeper}.rb',
    '**/middleware.{ts,js}',
  ],
  crypto: [
    ...[
      'crypto',
      'cryptography',
      'encryption',
      'kms',
      'keystore',
      'signing',
      'pki',
      'tls',
      'certs',
      'certificates',
    ].map((name) => `**/${name}/**`),
    '**/{crypto,encrypt,decrypt,encryption,cipher,signature,signing,hashing,keystore,tls,x509,kms,vault}.*',
    '**/{crypto,encrypt,decrypt,cipher,signature}{[-_.]*,ion*,service*,utils*,er,or}.*',
    '*.{pem,key,crt,cer,p12,pfx,jks,keystore,gpg,asc}',
  ],
  payments: [
    ...[
      'payment',
      'payments',
      'billing',
      'checkout',
      'invoice',
      'invoices',
      'invoicing',
      'payroll',
      'payout',
      'payouts',
      'refunds',
      'subscriptions',
      'ledger',
      'wallet',
      'stripe',
      'paypal',
      'adyen',
      'braintree',
    ].map((name) => `**/${name}/**/*`),
    '**/{payment,payments,billing,checkout,invoice,refund,payout,pricing,tax,stripe,paypal}{,[-_.]*,s,service*,controller*,gateway*,handler*,processor*,provider*,webhook*,client*}.*',
  ],
  migrations: [
    ...['migrations', 'migrate', 'migration', 'alembic', 'flyway', 'liquibase'].map(
      (name) => `**/${name}/**/*.{sql,py,ts,js,mjs,cjs,rb,go,php,java,kt,cs,ex,exs,xml,yaml,yml,json,up,down}`,
    ),
    '**/db/{schema.rb,structure.sql,seeds.rb}',
    '**/prisma/schema.prisma',
    '**/{V,U,R}[0-9_]*__*.sql',
    '**/changelog/**/*.{xml,yaml,yml,sql}',
  ],
  ci: [
    '.github/workflows/**',
    '.github/actions/**',
    '**/action.{yml,yaml}',
    '.gitlab-ci.yml',
    '.gitlab/ci/**',
    '.circleci/**',
    '.buildkite/**',
    '.azure-pipelines/**',
    'azure-pipelines*.{yml,yaml}',
    'Jenkinsfile*',
    '.travis.yml',
    '.drone.yml',
    '.woodpecker/**',
    'bitbucket-pipelines.yml',
    'appveyor.yml',
    'cloudbuild.{yml,yaml}',
    'buildspec*.{yml,yaml}',
    '.teamcity/**',
    '.tekton/**',
    '.pre-commit-config.yaml',
    '.husky/**',
    'lefthook.{yml,yaml}',
  ],
  infrastructure: [
    '*.{tf,tofu,tfvars,hcl,bicep,nomad}',
    '*.tf.json',
    '{Dockerfile,Containerfile}{,.*}',
    '*.dockerfile',
    '{docker-,}compose*.{yml,yaml}',
    ...[
      'terraform',
      'infra',
      'infrastructure',
      'k8s',
      'kubernetes',
      'helm',
      'charts',
      'kustomize',
      'manifests',
      'ansible',
      'playbooks',
      'pulumi',
      'cloudformation',
      'argocd',
      'deploy',
      'deployment',
      'ops',
    ].map((name) => `**/${name}/**/*.{yml,yaml,json,tpl,ts,py,go,sh,j2,toml}`),
    '{kustomization,Chart,values}*.{yml,yaml}',
    'Pulumi*.{yml,yaml}',
    'serverless.{yml,yaml,ts,js}',
    'cdk.json',
    '{template,sam}.{yml,yaml}',
    '{nginx,haproxy,envoy,traefik}*.{conf,cfg,yml,yaml,toml}',
    '{fly,wrangler,netlify,railway,render}.{toml,yaml}',
    'Vagrantfile',
    'Procfile',
  ],
  permissions: [
    ...['iam', 'rbac', 'acl', 'policies', 'permissions', 'roles', 'opa', 'rego', 'gatekeeper', 'kyverno'].map(
      (name) => `**/${name}/**/*`,
    ),
    '**/{iam,rbac,acl,permission,permissions,roles,policy,abilities,ability,casbin}{,[-_.]*,s,service*,guard*}.*',
    '{CODEOWNERS,OWNERS}',
    'firestore.rules',
    'storage.rules',
    'database.rules.json',
    'sudoers',
    '**/sudoers.d/**',
    '.countersign.json',
    '*.rego',
    '**/{pg_hba.conf,sshd_config,authorized_keys}',
  ],
  release: [
    '.npmrc',
    '.yarnrc*',
    '.pypirc',
    'pip.conf',
    '.releaserc*',
    'release.config.*',
    '.goreleaser*.{yml,yaml}',
    '**/release/**/*.sh',
    'settings.xml',
    '.cargo/config.toml',
    'nuget.config',
  ],
};

/** Tests, documents and pictures of an area are not the area. */
const apart = [
  '**/{test,tests,__tests__,spec,specs,testdata,fixtures,__mocks__}/**',
  '**/*{.,_,-}{test,tests,spec,specs}.*',
  '**/test_*.py',
  '*.{md,mdx,rst,adoc,txt,png,jpg,jpeg,gif,svg,ico,webp,css,scss,less,html,snap,po,lock}',
];

/** Tells the area of a path: of the built-in ones, or of those that a policy makes of them. */
export class SensitivePaths<Area extends string = SensitiveArea> {
  readonly #areas: readonly Area[];
  readonly #globs: Globs;
  readonly #apart = new Globs(apart, { ignoreCase: true });

  /** @throws RangeError where `Globs` does */
  constructor(globs: readonly (readonly [area: Area, globs: readonly string[]])[]) {
    const entries = globs.flatMap(([area, of]) => of.map((glob) => ({ area, glob })));
    this.#areas = entries.map(({ area }) => area);
    this.#globs = new Globs(
      entries.map(({ glob }) => glob),
      { ignoreCase: true },
    );
  }

  static builtIn(): SensitivePaths {
    return new SensitivePaths(sensitiveAreas.map((area) => [area, sensitiveGlobs[area]]));
  }

  /** Steps taken so far by the matcher of globs. */
  get steps(): number {
    return this.#globs.steps + this.#apart.steps;
  }

  /** The first area that the path belongs to, in the order in which they were given; `undefined` for none. */
  areaOf(path: string): Area | undefined {
    const [first] = this.#globs.matching(path);
    return first === undefined || this.#apart.matches(path) ? undefined : this.#areas[first];
  }
}
