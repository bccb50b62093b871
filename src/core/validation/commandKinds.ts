import { maxCommandLength, programsIn } from '../commands/classify.ts';
import { type Rules, RuleTable } from '../commands/rule.ts';
import { tests } from '../commands/rules/tests.ts';
import type { SimpleCommand, Surroundings } from '../commands/simpleCommand.ts';
import { toldByExitCode } from './exitCode.ts';
import type { ValidationKind } from './validation.ts';

/** A command that shows something of the code that it is run on. */
export interface ValidatingCommand {
  readonly kind: ValidationKind;
  /** In the rule's words, never the command's own, which may hold a secret: `npm test`. */
  readonly name: string;
}

/** What a command line says of the code, by how it ends. */
export interface ValidatingLine {
  readonly ifPassed: readonly ValidatingCommand[];
  /** What has failed where the line has; undefined where that can be something else. */
  readonly ifFailed: ValidatingCommand | undefined;
  /** Whether it runs nothing else that may change files. */
  readonly isAlone: boolean;
}

const rule = (kind: ValidationKind, calls: readonly string[]): Rules<ValidationKind> => ({
  class: kind,
  because: 'shows how the code is',
  calls,
});

/** In this order: of a command that is several of them the first one counts. */
const table = new RuleTable<ValidationKind>([
  tests.map(({ calls, because }) => ({ class: 'tests', calls, because })),
  [
    rule('lint', [
      'npm|pnpm|yarn|bun run|run-script lint|lint:*|typecheck|type-check',
      'yarn|pnpm|bun|make|just|task lint|lint:*|typecheck|type-check',
      'tsc|vue-tsc --noemit',
      'eslint|stylelint|oxlint|xo|standard|jshint|htmlhint|markdownlint|actionlint|yamllint|hadolint|shellcheck',
      'biome check|lint|ci',
      'prettier --check|-c',
      'ruff check',
      'flake8|pylint|mypy|pyright|basedpyright|pyflakes|pycodestyle|ty',
      'golangci-lint run',
      'go vet',
      'staticcheck|revive',
      'cargo clippy',
      'rubocop|standardrb|phpstan|psalm|phpcs|ktlint|detekt|checkstyle|swiftlint|credo',
      'tflint|ansible-lint|cfn-lint|kube-linter',
      'terraform|tofu validate',
      'dart|flutter analyze',
    ]),
    rule('sca', [
      'npm|pnpm|yarn audit',
      'yarn npm audit',
      'snyk test',
      'osv-scanner|grype|pip-audit|govulncheck|dependency-check|dependency-check.sh|mend|retire|cargo-audit',
      'trivy fs|repo|rootfs|sbom',
      'cargo audit|deny',
      'safety check|scan',
      'bundle audit',
      'bundle-audit',
      'composer audit',
      'dotnet list ** --vulnerable',
    ]),
    rule('sast', [
      'semgrep|opengrep scan|ci',
      'semgrep|opengrep --config',
      'snyk code test',
      'codeql database analyze',
      'bandit|gosec|brakeman|njsscan|bearer|horusec|checkov|tfsec|gitleaks|trufflehog',
      'trivy config',
    ]),
    rule('dast', ['zap-baseline.py|zap-full-scan.py|zap-api-scan.py|nuclei|nikto', 'zap.sh -cmd']),
    rule('build', [
      'npm|pnpm|yarn|bun run|run-script build|build:*|compile',
      'yarn|pnpm|bun build|compile',
      'tsc|esbuild|webpack|rollup|tsup|swc|javac|ninja|msbuild',
      'vite|next|nuxt|ng|nx|turbo|parcel|astro build',
      'make|just|task build|all|compile',
      'go|cargo|dotnet|swift|zig|stack|cabal|dune|bazel|bazelisk|buck2|pants build',
      'cargo check',
      'mvn ** compile|package|install',
      'gradle ** build|assemble|classes|compileJava|compileKotlin',
      'sbt ** compile|package',
      'cmake --build',
      'xcodebuild ** build',
      'flutter build',
      'mix compile',
    ]),
  ],
]);

/** What a shell's command line shows of the repository's code; a program that runs elsewhere shows nothing of it. */
export function validatingLine(command: string, surroundings: Surroundings): ValidatingLine {
  const none: ValidatingLine = { ifPassed: [], ifFailed: undefined, isAlone: false };
  if (command.length > maxCommandLength) return none;
  const isAbroad = programsIn(command, surroundings).some(
    (program) => kindOf(program, surroundings) && !isWithin(program, surroundings),
  );
  if (isAbroad) return none;
  const { ifPassed, ifFailed, isAlone } = toldByExitCode(command);
  return {
    ifPassed: ifPassed.flatMap((part) => validatingPart(part, surroundings) ?? []),
    ifFailed: ifFailed === undefined ? undefined : validatingPart(ifFailed, surroundings),
    isAlone,
  };
}

function validatingPart(command: string, surroundings: Surroundings): ValidatingCommand | undefined {
  for (const program of programsIn(command, surroundings)) {
    const found = kindOf(program, surroundings);
    if (found) return found;
  }
  return undefined;
}

function kindOf(program: SimpleCommand, surroundings: Surroundings): ValidatingCommand | undefined {
  const [first] = table.findings(program, surroundings);
  return first && { kind: first.class, name: first.what };
}

function isWithin({ place }: SimpleCommand, { folder, top = folder }: Surroundings): boolean {
  if (place.elsewhere) return false;
  const { folder: own } = place;
  return own === undefined || own === top || own.startsWith(top.endsWith('/') ? top : `${top}/`);
}

/** What a command is called that no rule knows: its program, and the word after it where that is a plain one. */
export function plainName([program = '', first = '']: readonly string[]): string {
  const base = program.replace(/^.*[/\\]/, '').replace(/\.(exe|cmd|bat)$/i, '');
  return /^[a-z][a-z0-9:-]{0,31}$/i.test(first) ? `${base} ${first}` : base;
}
