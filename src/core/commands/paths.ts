import { type Place, type Surroundings, unknownText } from './simpleCommand.ts';

/**
 * The absolute form of a path, with `/` between names and `.` and `..` resolved; undefined where the folder that it is
 * relative to is not known. Windows paths are read wherever they turn up.
 */
export function resolvePath(path: string, folder: string | undefined): string | undefined {
  const slashed = /^[a-z]:|^\\\\|\\/i.test(path) ? path.replaceAll('\\', '/') : path;
  const isAbsolute = /^(\/|[a-z]:)/i.test(slashed);
  if (!isAbsolute && folder === undefined) return undefined;
  const names: string[] = [];
  for (const name of (isAbsolute ? slashed : `${folder?.replaceAll('\\', '/')}/${slashed}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/**
 * Whether removing or overwriting the path loses more than what belongs to the repository's work tree or is temporary: what
 * lies elsewhere, the work tree as a whole, its `.git`, and what cannot be known.
 */
export function isPrecious(path: string, place: Place, surroundings: Surroundings): boolean {
  if (path === '' || /^[a-z]+:\/\//i.test(path)) return false;
  if (path.startsWith(unknownText) || path.startsWith('~')) return true;
  // A pattern or an unknown piece at the end may be all there is in its folder.
  const pattern = path.search(/[*?[]/);
  const isWhole = /(^|\/)(\*|\.\*|\.\?\?\*|\*\*(\/\*)?)\/?$/.test(path);
  const target = isWhole ? path.slice(0, pattern) : path.replaceAll(unknownText, 'unknown');
  const resolved = resolvePath(target === '' ? '.' : target, place.folder);
  if (resolved === undefined) return place.elsewhere || isWhole || /^\.{0,2}\/*$|(^|\/)\.\.(\/|$)/.test(target);
  const temporary = surroundings.temporary.map((folder) => resolvePath(folder, '/') as string);
  const isTemporary = temporary.some((folder) => isWithin(resolved, folder) && (isWhole || resolved !== folder));
  if (place.elsewhere) return !isTemporary;
  const top = resolvePath(surroundings.top ?? surroundings.folder, '/') as string;
  if (isWithin(top, resolved) || resolved.split('/').includes('.git')) return true;
  return !isWithin(resolved, top) && !isTemporary;
}
