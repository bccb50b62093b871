import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../../src/change/place.ts';
import { report } from '../../src/change/report.ts';
import type { Actor, AssistantEvent, FileEdit } from '../../src/core/assistantEvent.ts';
import type { Written } from '../../src/core/written.ts';
import { loadCommands } from './loadCommands.ts';

/** What an edit says that it writes, by path; `undefined` where it only names the file. */
export type Edits = Readonly<Record<string, Written | undefined>>;

export const content = (text: string): Written => ({ form: 'content', text });

export const replacement = (oldText: string, newText: string): Written => ({
  form: 'replacements',
  replacements: [{ oldText, newText, all: false }],
});

/** One assistant's session that reports in this process, event by event, as its adapter would. */
export class AssistantSession {
  readonly #place: Place;
  readonly #actor: Actor;
  readonly #commands: { readonly endMayStayUntold?: true };

  /** @param commands what it says of each command, as Codex does that the end may stay untold */
  constructor(place: Place, actor: Partial<Actor> = {}, commands: { readonly endMayStayUntold?: true } = {}) {
    this.#place = place;
    this.#commands = commands;
    this.#actor = { tool: 'codex', session: 's', kind: 'agent_action', ...actor };
  }

  beforeEdit(edits: Edits, call?: string): Promise<void> {
    return this.#tell({ event: 'before-edit', actor: this.#called(call), edits: this.#edits(edits) });
  }

  afterEdit(edits: Edits, call?: string, more: { readonly failed?: true } = {}): Promise<void> {
    return this.#tell({ event: 'after-edit', actor: this.#called(call), edits: this.#edits(edits), ...more });
  }

  /** The end of an edit that tells what the files held before. */
  afterEditOf(edits: readonly FileEdit[], call?: string): Promise<void> {
    const absolute = edits.map((edit) => ({ ...edit, file: path.join(this.#top, edit.file) }));
    return this.#tell({ event: 'after-edit', actor: this.#called(call), edits: absolute });
  }

  beforeCommand(call?: string, command = 'make all'): Promise<void> {
    const event = { event: 'before-command', actor: this.#called(call), cwd: this.#top, command } as const;
    return this.#tell({ ...event, ...this.#commands });
  }

  afterCommand(call?: string, command = 'make all'): Promise<void> {
    return this.#tell({ event: 'after-command', actor: this.#called(call), cwd: this.#top, command });
  }

  prompt(text = 'Go on.'): Promise<void> {
    return this.#tell({ event: 'prompt', actor: this.#actor, cwd: this.#top, text });
  }

  turnEnd(): Promise<void> {
    return this.#tell({ event: 'turn-end', actor: this.#actor, cwd: this.#top });
  }

  sessionEnd(): Promise<void> {
    return this.#tell({ event: 'session-end', actor: this.#actor, cwd: this.#top });
  }

  get #top(): string {
    return this.#place.repository.top;
  }

  #called(call: string | undefined): Actor {
    return call === undefined ? this.#actor : { ...this.#actor, call };
  }

  #edits(edits: Edits): FileEdit[] {
    return Object.entries(edits).map(([name, written]) => ({
      file: path.join(this.#top, name),
      ...(written && { written }),
    }));
  }

  async #tell(event: AssistantEvent): Promise<void> {
    const find = (): Promise<Place> => Promise.resolve(this.#place);
    assert.deepEqual(await report(event, { ofFile: find, ofFolder: find }, loadCommands), []);
  }
}

/** Who is known to have written each line of a file: `line` and its assistant, session and evidence, or its origin. */
export function authorsOf({ repository, ledger }: Place, file: string): string[] {
  const text = readFileSync(path.join(repository.top, file), 'utf8');
  const runs = ledger.attribute(file, text);
  let offset = 0;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const author = runs.authorAt(offset);
      offset += line.length + 1;
      if (author.origin !== 'ai') return `${line} ${author.origin}`;
      const how = author.evidence === 'inferred' ? `${author.evidence}:${author.rule}` : author.evidence;
      return `${line} ${author.session} ${how}`;
    });
}
