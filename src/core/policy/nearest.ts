/** Longer words are not compared: nobody mistypes them for one of ours. In UTF-16 units. */
const maxLength = 40;

/** The word that was most likely meant; `undefined` where none is within two edits, or a third of the word's length. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > maxLength) return undefined;
  const limit = Math.max(2, Math.floor(word.length / 3));
  const found = known
    .map((each) => ({ each, edits: editsBetween(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= limit && edits < each.length)
    .sort((a, b) => a.edits - b.edits);
  return found[0]?.each;
}

/** Levenshtein's distance: characters to insert, take out or replace. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
