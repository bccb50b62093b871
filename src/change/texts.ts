import { decodeText } from '../core/text.ts';
import { readObjects } from '../git/objects.ts';
import type { Repository } from '../git/repository.ts';
import { readWorkTreeFile } from '../git/workTree.ts';
import { maxTextLength } from '../ledger/ledger.ts';

/** What stands at a path, as far as it can be attributed. */
export type TextContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'large' };

export function textContent(bytes: Uint8Array): TextContent {
  if (bytes.length > 2 * maxTextLength) return { kind: 'large' };
  const text = decodeText(bytes);
  if (text === undefined) return { kind: 'binary' };
  return text.length > maxTextLength ? { kind: 'large' } : { kind: 'text', text };
}

export function workTreeText(repository: Repository, relativePath: string): TextContent {
  const content = readWorkTreeFile(repository, relativePath);
  switch (content.kind) {
    case 'bytes':
      return textContent(content.bytes);
    case 'absent':
      return { kind: 'absent' };
    case 'skipped':
      return { kind: 'large' };
  }
}

/** The texts of paths at a commit by one process; paths that are not there, or are no text, are left out. */
export async function textsAt(
  { git }: Repository,
  commit: string | null,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (commit === null) return texts;
  const objects = await readObjects(
    git,
    paths.map((path) => `${commit}:${path}`),
  );
  for (const path of paths) {
    const content = objects.get(`${commit}:${path}`);
    const decoded = content && textContent(content);
    if (decoded?.kind === 'text') texts.set(path, decoded.text);
  }
  return texts;
}
