import type { Page as PlaywrightPage } from 'playwright-core';
import type { Counts } from '../support/counts.ts';
import { pageCommands } from './bridge/pageCommands.ts';
import type { SessionInfo } from './bridge/protocol.ts';
import type { Bridge } from './bridge/server.ts';
import type { Bundle } from './bundle.ts';
import { withSourcePositions } from './sourcePositions.ts';

/** What all sessions of a run have in common. */
export interface HostRun {
  readonly bridge: Bridge;
  readonly bundle: Bundle;
  /** Only tests whose full name matches. */
  readonly grep: string | undefined;
}

/** Suggestions come up when a test asks for them: at a moment of their own choice they would swallow its keys. */
export const testSettings = { 'editor.quickSuggestions': false, 'editor.suggestOnTriggerCharacters': false };

/** One run of test files inside an extension host. */
export interface Session {
  /** How the report calls it. */
  readonly title: string;
  readonly info: SessionInfo;
  /** The folder for its screenshots. */
  readonly screenshots: string;
  readonly page: () => Promise<PlaywrightPage>;
  /** Starts the tests; resolves when they have come to their end. */
  readonly start: () => Promise<void>;
}

/** No session is near this long: an extension host that hangs says nothing, and would keep the run waiting for ever. */
const limitMs = 5 * 60_000;

/** Runs a session. One that does not come to its end counts as one failed test, with `log`'s last lines to say why. */
export async function runSession(bridge: Bridge, session: Session, log: SessionLog): Promise<Counts> {
  process.stdout.write(`\n${session.title}\n`);
  let counts: Counts | undefined;
  bridge.commands = {
    ...pageCommands(session.page, session.screenshots),
    session: () => Promise.resolve(session.info),
    print: (text) => {
      process.stdout.write(withSourcePositions(text));
      return Promise.resolve();
    },
    finish: (final) => {
      counts = final;
      return Promise.resolve();
    },
  };
  let reason = 'it ended before its tests did';
  try {
    await within(limitMs, session.start());
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  } finally {
    bridge.commands = undefined;
  }
  if (counts) return counts;
  process.stdout.write(`${log.tail()}\n${session.title}: ${reason}\n`);
  return { passed: 0, failed: [`${session.title}: ${reason}`], skipped: [] };
}

/** What the workbench and the extension host say: of interest only when something goes wrong. */
export class SessionLog {
  readonly #lines: string[] = [];

  readonly add = (type: string, ...args: readonly unknown[]): void => {
    const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
    this.#lines.push(`[${type}] ${text}`);
    if (this.#lines.length > 200) this.#lines.shift();
    if (process.env['COUNTERSIGN_HOST_LOG']) process.stderr.write(`[${type}] ${text}\n`);
  };

  tail(): string {
    return this.#lines.join('\n');
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not done after ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
