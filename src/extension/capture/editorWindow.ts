import type { HumanAuthor } from '../../core/author.ts';
import { unknown } from '../../core/author.ts';
import type { Follow } from './attributedDocument.ts';
import type { ChangeCause } from './changeCause.ts';
import { RemovedTexts } from './removedTexts.ts';

/** How long an author's typing is one burst with one time stamp, in ms. */
const burst = 5 * 60_000;

/** What the documents of one window share: who types in it, and what was lately taken out of them. */
export class EditorWindow {
  readonly removed = new RemovedTexts();
  readonly #session: string;
  #lastAuthor: HumanAuthor | undefined;

  /** @param session stands for the assistants that name none */
  constructor(session: string) {
    this.#session = session;
  }

  /** How the authors of a text follow a change, by what made it. */
  follow(cause: ChangeCause): Follow {
    const at = new Date().toISOString();
    switch (cause.cause) {
      case 'typed':
        return { how: 'exact', author: this.#person(cause.evidence) };
      case 'cut':
        return { how: 'cut', author: this.#person('observed') };
      case 'ai': {
        const { tool, model, kind, session = this.#session } = cause;
        const named = { tool, ...(model !== undefined && { model }), session, kind };
        return { how: 'carry', author: { origin: 'ai', ...named, evidence: 'observed', at, review: 'unseen' } };
      }
      case 'tool':
        return { how: 'carry', author: { origin: 'tool', name: cause.name, evidence: 'observed', at } };
      case 'restored':
        return { how: 'undo', author: unknown.editor };
      case 'pasted':
        return { how: 'paste', author: unknown.paste };
      case 'reloaded':
        return { how: 'carry', author: { ...unknown.disk, at: new Date().toISOString() } };
      case 'unknown':
        // An editor that gives no account of a change does not tell a paste, either.
        return { how: 'paste', author: unknown.editor };
    }
  }

  /** One author for a burst of typing, so that its characters are one run. */
  #person(evidence: 'observed' | 'inferred'): HumanAuthor {
    const last = this.#lastAuthor;
    if (last?.evidence === evidence && Date.now() - Date.parse(last.at) < burst) return last;
    const at = new Date().toISOString();
    this.#lastAuthor = { origin: 'human', evidence, ...(evidence === 'inferred' && { rule: 'keystroke' }), at };
    return this.#lastAuthor;
  }
}
