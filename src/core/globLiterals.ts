/**
 * Whether a glob could match something in a text at all: each of its literal parts is there, and of the literal words in
 * braces one. Never `false` for a glob that matches a path of the text, and much cheaper than to match.
 *
 * @param text paths, in lower case; the glob is taken in lower case, too
 */
export function mayMatch(glob: string, text: string): boolean {
  // Braces in braces are not looked into.
  if (/\{[^}]*\{/.test(glob)) return true;
  for (const [part] of glob.toLowerCase().matchAll(/\\.|\[[^\]]*\]|\{[^}]*\}|[^\\[{*?/]+|[\s\S]/g)) {
    if (part.startsWith('{')) {
      const words = part.slice(1, -1).split(',');
      if (!words.some((word) => /[\\[*?]/.test(word) || text.includes(word))) return false;
    } else if (!/^[\\[*?/]/.test(part) && !text.includes(part)) {
      return false;
    }
  }
  return true;
}
