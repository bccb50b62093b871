import assert from 'node:assert/strict';
import { globProblem } from '../../../src/core/glob.ts';
import {
  type SensitiveArea,
  SensitivePaths,
  sensitiveAreas,
  sensitiveGlobs,
} from '../../../src/core/risk/sensitive.ts';

describe('sensitive paths', () => {
  const paths = SensitivePaths.builtIn();
  const table: Readonly<Record<SensitiveArea, readonly string[]>> = {
    auth: [
      'src/auth/guard.ts',
      'app/AuthService.java',
      'pkg/oauth/token.go',
      'server/login_handler.py',
      'src/middleware.ts',
      'lib/jwt.ts',
      'src/SecurityConfig.java',
    ],
    crypto: ['src/crypto/aes.ts', 'certs/ca.crt', 'lib/encryption.py', 'deploy/server.key'],
    payments: ['src/billing/invoice.ts', 'app/services/payment_processor.rb', 'src/PaymentGateway.java'],
    migrations: [
      'db/migrations/001.sql',
      'prisma/migrations/1/migration.sql',
      'src/main/resources/db/V12__a.sql',
      'app/migrations/0002_x.py',
      'db/schema.rb',
    ],
    ci: ['.github/workflows/ci.yml', '.gitlab-ci.yml', 'Jenkinsfile', '.circleci/config.yml'],
    infrastructure: [
      'main.tf',
      'infra/vpc/main.tf',
      'Dockerfile',
      'docker/Dockerfile.prod',
      'docker-compose.yml',
      'k8s/api.yaml',
      'charts/api/values.yaml',
    ],
    permissions: [
      'CODEOWNERS',
      '.github/CODEOWNERS',
      'iam/deployer.json',
      'firestore.rules',
      '.countersign.json',
      'config/roles.yml',
    ],
    release: ['.npmrc', '.goreleaser.yml'],
  };
  for (const area of sensitiveAreas) {
    it(`${area} is known by the names of the usual ecosystems`, () => {
      assert.deepEqual(
        table[area].map((path) => `${path} ${paths.areaOf(path)}`),
        table[area].map((path) => `${path} ${area}`),
      );
    });
  }

  it('what only sounds like one is none, and so are tests and documents', () => {
    const others = [
      'src/author.ts',
      'src/authors/list.ts',
      'README.md',
      'docs/auth/login.md',
      'test/auth/login.ts',
      'src/auth/guard.test.ts',
      'src/components/Button.tsx',
      'lib/sessionize.txt',
      'src/syntax.ts',
      'package.json',
      'src/tokenizer.ts',
      'src/keyboard.ts',
    ];
    assert.deepEqual(
      others.filter((path) => paths.areaOf(path) !== undefined),
      [],
    );
  });

  it('every glob is one', () => {
    assert.deepEqual(
      Object.values(sensitiveGlobs)
        .flat()
        .filter((glob) => globProblem(glob) !== undefined),
      [],
    );
  });

  it('tens of thousands of paths take no more than a few steps a character', () => {
    let characters = 0;
    const many = SensitivePaths.builtIn();
    for (let i = 0; i < 20_000; i++) {
      const path = `packages/module-${i % 200}/src/feature-${i % 31}/file${i}.ts`;
      characters += path.length;
      assert.equal(many.areaOf(path), undefined);
    }
    assert.ok(many.steps < 8 * characters, `${many.steps} steps for ${characters} characters`);
  });
});
