import type { Fact, Level, Sign } from '../fact.ts';
import { lookAlikeOf } from './popular.ts';

export type Registry =
  | 'npm'
  | 'pypi'
  | 'go'
  | 'crates'
  | 'rubygems'
  | 'packagist'
  | 'maven'
  | 'nuget'
  | 'terraform'
  | 'helm'
  | 'actions';

/** One dependency that a manifest asks for. */
export interface Requirement {
  readonly registry: Registry;
  readonly name: string;
  /** As it is written; absent where nothing is said. */
  readonly version?: string;
  readonly line: number;
  readonly endLine?: number;
}

/**
 * How much of what is to come a version lets in, from 0 for exactly one: then a change of it is somebody's decision. Ranges
 * that stay within a minor or a major version, everything from some version on, and what is fetched from an address.
 */
export function looseness(version: string | undefined, registry: Registry): number {
  const text = (version ?? '').trim();
  const isAddress = /^(git|https?|ssh|github|gitlab|bitbucket)[+:]|^[\w.-]+\/[\w.-]+(#.*)?$|\.git(#.*)?$/.test(text);
  if (isAddress && registry !== 'go')
    return /#([0-9a-f]{40})$|@[0-9a-f]{40}(#.*)?$|rev=[0-9a-f]{40}/.test(text) ? 1 : 5;
  if (registry === 'actions') return /^[0-9a-f]{40}$/.test(text) ? 0 : /^v?\d+(\.\d+)*$/.test(text) ? 1 : 4;
  if (
    text === '' ||
    /^(\*|x|latest|next|main|master|dev-\w+|LATEST|RELEASE|.*-SNAPSHOT|latest\.\w+|\+|any)$/i.test(text)
  )
    return 4;
  if (/^(>=?|!=)/.test(text)) return /[<]/.test(text) ? 2 : 3;
  if (registry === 'go' || registry === 'maven') return /[[(,]|\+$|latest/.test(text) ? 3 : 0;
  if (/^={2,3}/.test(text)) return /\*/.test(text) ? 1 : 0;
  if (/^=|^v?\d+\.\d+(\.\d+)?(\.\d+)?([-+][\w.+-]+)?$/.test(text)) {
    // A bare version of Cargo is a range that lets minor versions in.
    return registry === 'crates' && !text.startsWith('=') ? 2 : 0;
  }
  if (/\.\+$|\.x$|\.\*$|^\d+$/.test(text)) return 2;
  if (/^(~>?|~=)/.test(text)) return 1;
  if (/^\^/.test(text)) return 2;
  if (/\|\||,|\s-\s|<|\[/.test(text)) return 2;
  return /^[\w.-]+$/.test(text) && !/^\d/.test(text) ? 4 : 0;
}

/** What is said of a dependency: that it is there, how loosely, and that its name is nearly another's. */
export function requirementFacts({ registry, name, version, line, endLine = line }: Requirement): Fact[] {
  if (isLocal(version)) return [];
  const place = { rule: 'dependency-added', line, endLine } as const;
  const shown = name.replace(/[^\w./@:-]/g, '?').slice(0, 100);
  const loose = looseness(version, registry);
  const popular = lookAlikeOf(name, registry);
  const subject = `${registry} ${name.toLowerCase()}`;
  const held: Level = {
    kind: 'level',
    ...place,
    pattern: 'version-loosened',
    detail: `${shown} is no longer held to the versions that it was`,
    subject,
    value: -loose,
  };
  // Whether it is new does not hang on how it is asked for: the pattern is the same.
  const news: Sign =
    popular !== undefined
      ? { kind: 'sign', ...place, pattern: 'look-alike', detail: `${shown} is new, and looks like ${popular}`, subject }
      : {
          kind: 'sign',
          ...place,
          pattern: 'new-dependency',
          detail: `${shown} is new${loose >= 3 ? ', in any version' : ''}`,
          subject,
        };
  return [news, held];
}

/** It stands in the repository itself. */
function isLocal(version: string | undefined): boolean {
  return /^(file:|link:|workspace:|portal:|path$|\.{0,2}\/)/.test(version ?? '');
}
