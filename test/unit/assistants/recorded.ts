import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Assistant, Environment } from '../../../src/agents/assistant.ts';
import type { AssistantEvent, FileEdit } from '../../../src/core/assistantEvent.ts';
import { command } from './hookCommand.ts';

const payloads = path.join(__dirname, '../../agents/payloads');

interface Recorded {
  readonly name: string;
  readonly stdin: unknown;
  readonly env: Environment;
}

/** What the hooks of a recorded session were given, in order. */
export function recorded(session: string): Recorded[] {
  return readdirSync(path.join(payloads, session))
    .filter((name) => /^\d/.test(name))
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(path.join(payloads, session, name), 'utf8')) }))
    .filter(({ stdin }) => stdin);
}

/** The recorded payload whose file's name ends like this, and the environment it came with. */
export function payloadOf(session: string, name: string): { readonly stdin: object; readonly env: Environment } {
  const found = recorded(session).find((one) => one.name.endsWith(`${name}.json`));
  if (!found) throw new Error(`no payload ${name} in ${session}`);
  return { stdin: found.stdin as object, env: found.env };
}

export function transcript(session: string, name: string): string {
  return path.join(payloads, session, name);
}

/** What an assistant told in a recorded session, one line for each event that matters here. */
export function story(session: string, assistant: Assistant): string[] {
  return recorded(session).flatMap(({ stdin, env }) => lineOf(assistant.normalise(stdin, env)) ?? []);
}

function lineOf(event: AssistantEvent): string | undefined {
  if (event.event === 'none') return undefined;
  if (event.event === 'human-edit') return event.event;
  const who = event.actor.session.includes('/') ? 'sub-agent: ' : '';
  switch (event.event) {
    case 'before-edit':
    case 'after-edit': {
      const failed = event.event === 'after-edit' && event.failed ? ', failed' : '';
      return `${who}${event.event} ${event.edits.map(editLine).join(' and ')}${failed}`;
    }
    case 'before-command':
      return `${who}${event.event} ${event.command}`;
    case 'after-command':
      return `${who}${event.event} ${event.command}${event.exitCode === undefined ? '' : ` => ${event.exitCode}`}`;
    case 'prompt':
      return `${who}${event.event} ${event.text}`;
    default:
      return `${who}${event.event}`;
  }
}

function editLine({ file, before, written }: FileEdit): string {
  const from = before === undefined ? '' : before === null ? ', a new file' : ', text before';
  return `${path.posix.relative('/home/dev/project', file)} (${written?.form ?? 'difference'}${from})`;
}

/** What is put into an assistant's settings, by list. */
export function hookEntries({ hooks }: Assistant, windows = false): Map<string, unknown> {
  if (hooks?.form !== 'json') throw new Error('no settings of this form');
  return new Map((hooks.items?.({ ...command, windows }) ?? []).map(({ list, item }) => [list.join('.'), item]));
}

/** A folder of its own that is gone afterwards. */
export function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(path.join(tmpdir(), 'assistant-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
