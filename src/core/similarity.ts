import { align } from './align.ts';
import { lineContent, linesOf } from './text.ts';

/** Share of the shorter text's lines that two texts have in common, from which on one is taken for the other, moved. */
const sameFile = 0.5;

/** The key of the text that `text` most likely is a later version of; none where no one is near enough. */
export function mostSimilar(text: string, candidates: ReadonlyMap<string, string>): string | undefined {
  const lines = contents(text);
  let best: { key: string; shared: number } | undefined;
  for (const [key, candidate] of candidates) {
    const others = contents(candidate);
    const shared = align(others, lines).matches.reduce((sum, match) => sum + match.length, 0);
    const shorter = Math.min(lines.length, others.length);
    if (shorter > 0 && shared >= sameFile * shorter && shared > (best?.shared ?? 0)) best = { key, shared };
  }
  return best?.key;
}

function contents(text: string): string[] {
  const lines = linesOf(text);
  return Array.from({ length: lines.count }, (_, i) => lineContent(lines, i));
}
