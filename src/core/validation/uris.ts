/** A file as a report names it: by an absolute path, one that is relative to what may be the repository's top, or both. */
export interface NamedFile {
  /** With `/`, and a drive's letter where it has one. */
  readonly absolute?: string;
  readonly relative?: string;
}

/** What an id for a base of URIs stands for in a report. */
export interface UriBase {
  readonly uri?: string;
  /** The base that `uri` is relative to. */
  readonly base?: string;
}

/** Bases within each other that are followed. */
const maxBases = 8;

/** What a URI or a path in a report names; `undefined` where it is no file's, as `https://…`. */
export function namedFile(
  uri: string,
  base?: string,
  bases: ReadonlyMap<string, UriBase> = new Map(),
): NamedFile | undefined {
  let path = pathOf(uri);
  if (path === undefined) return undefined;
  const relative = path;
  let next = base;
  for (let count = 0; !isAbsolute(path) && next !== undefined && count < maxBases; count++) {
    const known: UriBase | undefined = bases.get(next);
    const parent: string | undefined = known?.uri === undefined ? '' : pathOf(known.uri);
    if (parent === undefined) return undefined;
    path = parent === '' ? path : `${parent.replace(/\/+$/, '')}/${path}`;
    next = known?.base;
  }
  if (!isAbsolute(path)) return { relative: path };
  // On another machine the top lies elsewhere: what is relative to a base may be relative to the top.
  return isAbsolute(relative) ? { absolute: path } : { absolute: path, relative };
}

/** The path, relative to the top of a repository, that a named file has there; `undefined` where it lies outside. */
export function pathInRepository({ absolute, relative }: NamedFile, top: string): string | undefined {
  const folder = normalised(slashes(top));
  const whole = absolute === undefined ? undefined : normalised(absolute);
  const within = whole !== undefined && folder !== undefined ? below(whole, folder) : undefined;
  const path = within ?? (relative === undefined ? undefined : normalised(relative));
  return path === undefined || path === '' || isAbsolute(path) ? undefined : path;
}

function below(path: string, folder: string): string | undefined {
  const isWindows = /^[a-z]:/i.test(folder);
  const [a, b] = isWindows ? [path.toLowerCase(), folder.toLowerCase()] : [path, folder];
  return a.startsWith(`${b}/`) ? path.slice(folder.length + 1) : undefined;
}

/** The path of a `file:` URI, of a relative one, or of what tools write in its place. */
function pathOf(uri: string): string | undefined {
  const windows = /^[a-z]:[\\/]/i.test(uri);
  if (windows) return slashes(uri);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri);
  if (!scheme) return slashes(decoded(uri));
  if (scheme[1]?.toLowerCase() !== 'file') return undefined;
  const path = slashes(decoded(uri.slice('file:'.length))).replace(/^\/\/(?:localhost)?(?=\/)/i, '');
  // `file:///C:/a`: what stands before the drive is no folder.
  return /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
}

function isAbsolute(path: string): boolean {
  return /^\/|^[a-z]:\//i.test(path);
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not every tool encodes what it writes: then it means what it says.
    return text;
  }
}

/** Without `.` and `..`; `undefined` where it leads out of itself, or cannot be a path. */
function normalised(path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  const [root = ''] = /^(?:[a-z]:)?\//i.exec(path) ?? [];
  const parts: string[] = [];
  for (const part of path.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return root.replace(/\/$/, '') + (root === '' ? '' : '/') + parts.join('/');
}
