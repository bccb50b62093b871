/**
 * Why a file's added lines are listed apart, and are no part of the AI share: nobody writes them line by line. What
 * `.gitattributes` call generated or vendored, what a package manager resolved, what a test took down, and what stands for
 * a large file.
 */
export const apartReasons = ['generated', 'vendored', 'lock', 'snapshot', 'lfs-pointer'] as const;
export type Apart = (typeof apartReasons)[number];

/** What `.gitattributes` say of a file by `linguist-generated` and `linguist-vendored`; absent where they say nothing. */
export interface LinguistAttributes {
  readonly generated?: boolean;
  readonly vendored?: boolean;
}

/** What package managers write, by file name. */
const lockFiles: ReadonlySet<string> = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'deno.lock', '.pnp.cjs'],
  ...['Cargo.lock', 'go.sum', 'go.work.sum', 'Gopkg.lock', 'Gemfile.lock', 'gems.locked', 'composer.lock'],
  ...['poetry.lock', 'uv.lock', 'pdm.lock', 'pixi.lock', 'Pipfile.lock', 'pylock.toml', 'conda-lock.yml'],
  ...['packages.lock.json', 'paket.lock', 'gradle.lockfile', 'buildscript-gradle.lockfile', 'MODULE.bazel.lock'],
  ...['Podfile.lock', 'Package.resolved', 'Cartfile.resolved', 'pubspec.lock', 'mix.lock', 'rebar.lock', 'shard.lock'],
  ...['stack.yaml.lock', 'cabal.project.freeze', 'renv.lock', 'conan.lock', 'flake.lock', '.terraform.lock.hcl'],
  ...['Chart.lock', 'dub.selections.json'],
]);

/** Jest and those like it, insta, syrupy. */
const snapshot = /\.(?:snap|ambr)$|(?:^|\/)__(?:\w+_)?snapshots__\//;

/** Why a file is listed apart, by its path and what the repository says of it; the repository's own word wins. */
export function apartReason(path: string, attributes: LinguistAttributes = {}): Apart | undefined {
  if (attributes.generated === true) return 'generated';
  if (attributes.vendored === true) return 'vendored';
  if (attributes.generated === false) return undefined;
  if (lockFiles.has(path.slice(path.lastIndexOf('/') + 1))) return 'lock';
  return snapshot.test(path) ? 'snapshot' : undefined;
}

/** The first line of what git keeps in the place of a file in large file storage. */
export const lfsPointerLine = 'version https://git-lfs.github.com/spec/v1';

/** Whether a blob only stands for a file in large file storage. */
export function isLfsPointer(text: string): boolean {
  return text.length < 1024 && text.startsWith(`${lfsPointerLine}\n`) && /^oid sha256:[0-9a-f]{64}$/m.test(text);
}

/** `lock file`, for a person who asks why it is not counted. */
export function describeApart(reason: Apart): string {
  switch (reason) {
    case 'lock':
      return 'lock file';
    case 'snapshot':
      return 'test snapshot';
    case 'lfs-pointer':
      return 'pointer to large file storage';
    case 'generated':
    case 'vendored':
      return reason;
  }
}
