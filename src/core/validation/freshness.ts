import type { ChangedSince, Freshness } from './validation.ts';

/**
 * Prose, by its name: what was validated does not run it, so that a word in a README makes no run of tests stale. Anything
 * else may have a part in how a program behaves: code, data, lock files, settings.
 */
export function isProse(path: string): boolean {
  return /\.(?:md|markdown|rst|adoc|asciidoc)$|(?:^|\/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS|CONTRIBUTORS|CHANGELOG|CHANGES)$/i.test(
    path,
  );
}

/** Paths that are named where something is stale. */
const maxNamed = 3;

/**
 * Whether what was validated still stands.
 *
 * @param changed what differs between what it ran on and what is there: `undefined` where it was not noted what it ran on,
 *   'untold' where they differ and it can no longer be told in which files
 */
export function freshnessOf(changed: readonly string[] | 'untold' | undefined): {
  readonly freshness: Freshness;
  readonly changed?: ChangedSince;
} {
  if (changed === undefined) return { freshness: 'unknown' };
  if (changed === 'untold') return { freshness: 'stale' };
  const bearing = changed.filter((path) => !isProse(path));
  if (bearing.length === 0) return { freshness: 'current' };
  return { freshness: 'stale', changed: { files: bearing.length, first: bearing.slice(0, maxNamed) } };
}
