import type { AiAuthor } from './author.ts';
import type { FileChange } from './change.ts';

/**
 * The same change with the models that were told late: an assistant's session may write its first lines before it has noted
 * its model anywhere. Where the session names just one model in this change, it is that of its unnamed lines, too.
 */
export function fillModels(files: readonly FileChange[]): FileChange[] {
  const authors = new Set(files.flatMap(({ lines }) => lines.flatMap(({ author }) => (author ? [author] : []))));
  const named = new Map<string, Set<string>>();
  const unnamed: AiAuthor[] = [];
  for (const author of authors) {
    // A session without a name is nobody's in particular.
    if (author.origin !== 'ai' || author.session === '') continue;
    if (author.model === undefined) unnamed.push(author);
    else named.set(keyOf(author), (named.get(keyOf(author)) ?? new Set()).add(author.model));
  }
  const filled = new Map(
    unnamed.flatMap((author): [AiAuthor, AiAuthor][] => {
      const [model, ...others] = named.get(keyOf(author)) ?? [];
      return model === undefined || others.length > 0 ? [] : [[author, { ...author, model }]];
    }),
  );
  if (filled.size === 0) return [...files];
  return files.map((file) => ({
    ...file,
    lines: file.lines.map((line) => {
      const author = line.author?.origin === 'ai' ? filled.get(line.author) : undefined;
      return author ? { ...line, author } : line;
    }),
  }));
}

function keyOf({ tool, session }: AiAuthor): string {
  return `${tool}\0${session}`;
}
