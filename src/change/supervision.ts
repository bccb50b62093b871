import type { Action } from '../core/actions.ts';
import type { Actor, AssistantEvent } from '../core/assistantEvent.ts';
import type { Classification } from '../core/commands/classify.ts';
import { sha256 } from '../core/digest.ts';
import { type CommandPolicy, type Decision, decide } from '../core/policy/commandPolicy.ts';
import { GitError } from '../git/git.ts';
import { type ActionCommand, actionLog } from '../ledger/actionLog.ts';
import { longestEcho } from '../ledger/windows.ts';
import { readCommandPolicy } from './commandPolicy.ts';
import type { Place } from './place.ts';
import { surroundingsOf } from './surroundings.ts';

/** What a policy says of a command that is about to run. */
export interface Judgement {
  readonly decision: Exclude<Decision, 'record'>;
  /** One line. */
  readonly reason: string;
}

export interface Supervised {
  /** Where it is not just to record. */
  readonly judgement?: Judgement;
  /** One line for each thing that is wrong with the policy. */
  readonly problems: readonly string[];
}

export type CommandEvent = Extract<AssistantEvent, { event: 'before-command' | 'after-command' }>;

/**
 * Classifies a command that an assistant is about to run or has run. What has run is noted, by class; what is about to run is
 * judged by the policy, if there is any.
 */
export async function supervise(
  event: CommandEvent,
  openFolder: (folder: string) => Promise<Place>,
): Promise<Supervised> {
  const { command, actor } = event;
  if (command === undefined) return { problems: [] };
  let place: Place;
  try {
    place = await openFolder(event.cwd);
  } catch (error) {
    if (error instanceof GitError && error.reason === 'no-repository') return { problems: [] };
    throw error;
  }
  const key = actor.call ?? sha256(command).slice(0, 16);
  if (event.event === 'after-command') {
    const actions = actionsOf(await classify(command, event.cwd, place));
    if (actions.length > 0) await note(place, actor, key, 'ran', actions);
    return { problems: [] };
  }
  const { commands, problems } = await readCommandPolicy(place.repository);
  const mayCommit = /\bcommit\b/.test(command);
  if (!isAnyAskedFor(commands) && !mayCommit) return { problems };
  const classification = await classify(command, event.cwd, place);
  const actions = actionsOf(classification);
  const { decision, classes } = decide(commands, classification.classes);
  if (decision === 'record') {
    // A commit within the command comes before its after-event.
    if (mayCommit && actions.length > 0) await note(place, actor, key, 'begun', actions);
    return { problems };
  }
  await note(place, actor, key, decision === 'deny' ? 'denied' : 'asked', actions);
  return { judgement: { decision, reason: reasonFor(decision, classes, classification) }, problems };
}

function isAnyAskedFor(policy: CommandPolicy): boolean {
  return [...policy.values()].some((decision) => decision !== 'record');
}

/** `the policy denies destructive commands: terraform destroy takes infrastructure down (Countersign)`. */
function reasonFor(decision: Judgement['decision'], classes: readonly string[], { findings }: Classification): string {
  const what = findings
    .filter((finding) => classes.includes(finding.class))
    .map((finding) => `${finding.what} ${finding.because}`);
  const why = what.length > 0 ? `: ${what.join('; ')}` : '';
  const says = decision === 'deny' ? 'denies' : 'asks a person before';
  return `the policy ${says} ${classes.join(' and ')} commands${why} (Countersign)`;
}

/** The parser and the rules are a bundle of their own: a hook for an edit does without. */
async function classify(command: string, folder: string, { repository }: Place): Promise<Classification> {
  const { classifyCommand } = await import('./classifier.ts');
  return classifyCommand(command, surroundingsOf(folder, repository.top));
}

function actionsOf({ classes, findings }: Classification): Action[] {
  return classes.flatMap((name): Action[] => {
    if (name === 'other') return [];
    return [{ class: name, what: findings.filter((finding) => finding.class === name).map(({ what }) => what) }];
  });
}

/** Notes it once: an assistant may tell the same call by two hooks, and a commit within it may have told it before. */
async function note(
  { ledger }: Place,
  { tool, session, call }: Actor,
  key: string,
  state: ActionCommand['state'],
  actions: readonly Action[],
): Promise<void> {
  const log = actionLog(ledger.folder);
  const isSame = (entry: ActionCommand): boolean =>
    entry.tool === tool && entry.session === session && entry.key === key && entry.state === state;
  const isTold = log
    .last(50)
    .some(
      (entry) =>
        entry.entry === 'command' &&
        isSame(entry) &&
        (call !== undefined || Date.now() - Date.parse(entry.at) < longestEcho),
    );
  if (!isTold) await log.append({ entry: 'command', at: new Date().toISOString(), tool, session, key, state, actions });
}
