/** Files that say which packages a project uses, or which were resolved, by their names. */
const manifests =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lock|deno\.json|deno\.lock|pom\.xml|build\.gradle(?:\.kts)?|gradle\.lockfile|libs\.versions\.toml|ivy\.xml|build\.sbt|requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|pylock\.toml|environment\.ya?ml|go\.mod|go\.sum|Cargo\.(?:toml|lock)|Gemfile(?:\.lock)?|[^/]+\.gemspec|composer\.(?:json|lock)|[^/]+\.(?:cs|fs|vb)proj|packages\.config|packages\.lock\.json|Directory\.Packages\.props|paket\.(?:dependencies|lock)|Package\.(?:swift|resolved)|Podfile(?:\.lock)?|pubspec\.(?:yaml|lock)|mix\.(?:exs|lock)|rebar\.(?:config|lock)|conanfile\.(?:txt|py)|vcpkg\.json|Chart\.(?:yaml|lock))$/;

export function isManifest(path: string): boolean {
  return manifests.test(path);
}

/** Whether a line of a manifest or a lock file names a package, as a whole word. */
export function namesPackage(line: string, name: string): boolean {
  const [text, word] = [simplified(line), simplified(name)];
  if (word === '') return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!/[a-z0-9_.@-]/.test(before) && !/[a-z0-9_-]/.test(after)) return true;
  }
  return false;
}

/** Registries take `_` for `-`, and most take capitals for small letters. */
function simplified(text: string): string {
  return text.toLowerCase().replaceAll('_', '-');
}
