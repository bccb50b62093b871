import type { Actor } from '../core/assistantEvent.ts';
import { sha256 } from '../core/digest.ts';
import { isYes, readSettings } from '../git/settings.ts';
import type { JournalEntry } from '../ledger/journal.ts';
import { longestEcho } from '../ledger/windows.ts';
import type { Place } from './place.ts';

type Reporter = Pick<Extract<JournalEntry, { entry: 'session' }>, 'at' | 'tool' | 'version' | 'model' | 'session'>;

/** Who told something, and now. */
export function reporterOf({ tool, version, model, session }: Actor): Reporter {
  return {
    at: new Date().toISOString(),
    tool,
    ...(version !== undefined && { version }),
    ...(model !== undefined && { model }),
    session,
  };
}

/** Notes that a session began or ended, once. */
export async function noteSession({ ledger }: Place, actor: Actor, event: 'start' | 'end'): Promise<void> {
  const isSame = (entry: JournalEntry): boolean => entry.entry === 'session' && entry.event === event;
  if (isToldAlready(ledger.journal.last(8), actor, isSame)) return;
  await ledger.journal.append({ entry: 'session', ...reporterOf(actor), event });
}

/** Notes that an order was given, once; its words only where the person wants them kept. */
export async function notePrompt(place: Place, actor: Actor, text: string): Promise<void> {
  const { ledger } = place;
  const hash = sha256(text.trim());
  const isSame = (entry: JournalEntry): boolean => entry.entry === 'prompt' && entry.hash === hash;
  if (isToldAlready(ledger.journal.last(8), actor, isSame)) return;
  const isKept = await keepsPrompts(place);
  await ledger.journal.append({ entry: 'prompt', ...reporterOf(actor), hash, ...(isKept && { text: text.trim() }) });
}

function isToldAlready(
  entries: readonly JournalEntry[],
  { tool, session }: Actor,
  isSame: (entry: JournalEntry) => boolean,
): boolean {
  return entries.some(
    (entry) =>
      'session' in entry &&
      entry.tool === tool &&
      entry.session === session &&
      Date.now() - Date.parse(entry.at) < longestEcho &&
      isSame(entry),
  );
}

/** Our hook has seen a commit and has nothing to say of it: that is to be known as long as a command is open. */
export async function noteSeenCommit({ ledger }: Place, tree: string): Promise<void> {
  if (!ledger.windows.all().some(({ kind }) => kind === 'command')) return;
  await ledger.journal.append({ entry: 'commit', at: new Date().toISOString(), tree });
}

/** What the journal may hold of a command: a command line has passwords and tokens in it, a program's name has none. */
export async function wordsToKeep(
  place: Place,
  command: string,
): Promise<{ readonly program?: string; readonly command?: string }> {
  const program = programOf(command);
  const isKept = await keepsPrompts(place);
  return { ...(program !== undefined && { program }), ...(isKept && { command }) };
}

async function keepsPrompts({ repository }: Place): Promise<boolean> {
  return isYes((await readSettings(repository.git)).get('keepprompts'));
}

/** Variables that are set for one command, each with a value that ends where we can tell. */
const assignments = /^\s*(?:[A-Za-z_]\w*=(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"`$\\;&|<>()])*\s+)*/s;

/**
 * The name of the first program in a command, without its folder; `undefined` where it is not plainly a name, for what
 * stands there may be a part of a value.
 */
export function programOf(command: string): string | undefined {
  const [before = ''] = assignments.exec(command) ?? [];
  const word = /^[^\s;&|<>()]+(?=$|[\s;&|<>()])/.exec(command.slice(before.length))?.[0];
  const name = word?.split(/[\\/]/).at(-1);
  return name !== undefined && /^[A-Za-z0-9_.+-]{1,40}$/.test(name) ? name : undefined;
}
