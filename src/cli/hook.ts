import { statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Answer, Verdict } from '../agents/assistant.ts';
import { assistants, findAssistant, tellerOf } from '../agents/assistants.ts';
import { TestEvent, testAnswer } from '../agents/testEvent.ts';
import { openPlace, type Place } from '../change/place.ts';
import { type PlaceFinder, report } from '../change/report.ts';
import type { AssistantEvent } from '../core/assistantEvent.ts';
import { messageOf } from '../errors.ts';
import { refusal } from '../launcher.ts';
import type { Command } from './command.ts';
import { parsePayload } from './payload.ts';

/** Above this many bytes a payload is not kept: the texts that we attribute, an old one and a new one, need less. */
const maxPayload = 32 * 1024 * 1024;
/** An assistant never waits longer for us, in ms. */
const timeLimit = 2_000;
/** A payload or a file above this many bytes may take longer than that, and no timer would come in between. */
const largeSize = 2 * 1024 * 1024;
/** Said to a process that takes a large one: it is ended from without. */
const large = '--large';

/**
 * An assistant's hook: payload on standard input. Whatever happens it ends with 0 and prints nothing on standard output, for
 * in some assistants anything else would stop the edit; only a policy's verdict on a command is told.
 */
export const hook: Command = {
  name: 'hook',
  usage: 'hook ASSISTANT',
  summary: 'what an assistant reports: payload on stdin (called by its hooks)',
  async run([id, how], io) {
    let exitCode = 0;
    const timer = setTimeout(() => {
      io.error(`the hook took more than ${timeLimit / 1000} s and was given up: this edit may be unknown`);
      process.exit(exitCode);
    }, timeLimit);
    try {
      const input = await io.readInput(maxPayload);
      if (how !== large && input.length > largeSize) return await inProcessOfItsOwn(input);
      const told = readReport(id, input);
      if (typeof told === 'object' && how !== large && filesOf(told.event).some(isLarge))
        return await inProcessOfItsOwn(input);
      // A verdict is told as soon as it is known, whatever the report comes to.
      const tell = ({ stdout, stderr, refuses }: Answer): void => {
        if (stdout !== undefined) io.out(stdout);
        if (stderr !== undefined) io.error(stderr);
        // A code of our own: a runtime that crashes ends with one that an assistant might take for a no.
        if (refuses) exitCode = refusal;
      };
      const [problem, ...more] = typeof told === 'string' ? [told] : await take(told, tell);
      if (problem !== undefined) io.error(more.length === 0 ? problem : `${problem} (and ${more.length} more like it)`);
    } catch (error) {
      io.error(messageOf(error));
    } finally {
      clearTimeout(timer);
    }
    return exitCode;
  },
};

/** What a payload tells, and the assistant's way of taking a verdict on it. */
interface Told {
  readonly event: AssistantEvent;
  answer(verdict: Verdict): Answer | undefined;
}

const loadShellReports = () => import('./shellReports.ts');

/** @returns a line for each thing that could not be done */
async function take(told: Told, tell: (answer: Answer) => void): Promise<string[]> {
  const { event } = told;
  const places = placeFinder();
  const reported = report(event, places, loadShellReports).catch((error: unknown) => [messageOf(error)]);
  if (event.event !== 'before-command' && event.event !== 'after-command') return await reported;
  try {
    // Side by side: the assistant waits.
    const { supervise, refuseCommand } = await loadShellReports();
    const { judgement, problems } = await supervise(event, places.ofFolder);
    const answer = judgement && told.answer(judgement);
    if (answer) tell(answer);
    const lines = [...problems, ...(await reported)];
    if (answer && judgement?.decision === 'deny') refuseCommand(await places.ofFolder(event.cwd), event);
    return lines;
  } catch (error) {
    // Whatever fails here, the command runs, and what it changes is recorded.
    return [`the command is not classified: ${messageOf(error)}`, ...(await reported)];
  }
}

/** Hands a payload to a process that can be ended while it computes. @returns its exit code */
async function inProcessOfItsOwn(input: Buffer): Promise<number> {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), large], {
    stdio: ['pipe', 'inherit', 'inherit'],
    windowsHide: true,
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 0));
    // One that has ended needs no more of it: how it ended says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** What a payload tells, or a line that says why it is not recorded. */
function readReport(id: string | undefined, input: Buffer): Told | string {
  const assistant = id === undefined ? undefined : findAssistant(id);
  if (!assistant)
    return `there is no assistant ${JSON.stringify(id ?? '')}: one of ${assistants.map((a) => a.id).join(', ')}`;
  // The variables of a git hook above us speak of its repository, not of the edited files'.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete process.env[name];
  let payload: unknown;
  try {
    payload = parsePayload(input);
  } catch (error) {
    return `${assistant.title}'s payload is not JSON (${messageOf(error)}): not recorded`;
  }
  const test = v.safeParse(TestEvent, payload);
  if (test.success) return testAnswer(test.output.nonce);
  const teller = tellerOf(assistant, payload, process.env);
  const event = teller.normalise(payload, process.env);
  return { event, answer: (verdict) => teller.answer?.(verdict, payload) };
}

function filesOf(event: AssistantEvent): readonly string[] {
  switch (event.event) {
    case 'before-edit':
    case 'after-edit':
      return event.edits.map(({ file }) => file);
    case 'human-edit':
      return event.files;
    default:
      return [];
  }
}

function isLarge(file: string): boolean {
  try {
    return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largeSize;
  } catch {
    // A file that cannot be looked at is not read either; who tries to says why.
    return false;
  }
}

/** Opens each repository once, however many files of it a payload names. */
function placeFinder(): PlaceFinder {
  const places = new Map<string, Promise<Place>>();
  const ofFolder = (folder: string): Promise<Place> => {
    const known = places.get(folder) ?? openPlace(folder);
    places.set(folder, known);
    return known;
  };
  return {
    ofFolder,
    ofFile: async (file) => {
      // A file may be gone, and its folders with it: the nearest one that is there tells the repository.
      for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
        try {
          return await ofFolder(folder);
        } catch (error) {
          if (folder === path.dirname(folder)) throw error;
          if (!isMissingFolder(error)) throw error;
        }
      }
    },
  };
}

function isMissingFolder(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && error.reason === 'missing';
}
