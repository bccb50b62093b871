import path from 'node:path';
import * as v from 'valibot';
import { assistants, findAssistant, tellerOf } from '../agents/assistants.ts';
import { TestEvent, testAnswer } from '../agents/testEvent.ts';
import { openPlace, type Place } from '../change/place.ts';
import { type PlaceFinder, report } from '../change/report.ts';
import { messageOf } from '../errors.ts';
import type { Command, Io } from './command.ts';

/** Above this many bytes a payload is not read: no edit of a text we attribute is that large. */
const maxPayload = 64 * 1024 * 1024;
/** An assistant never waits longer for us, in ms. */
const timeLimit = 8_000;

/**
 * An assistant's hook: payload on standard input. Whatever happens it ends with 0 and prints nothing on standard output:
 * in some assistants anything else would stop the edit.
 */
export const hook: Command = {
  name: 'hook',
  usage: `hook ${assistants.map(({ id }) => id).join('|')}`,
  summary: 'what an assistant reports: payload on stdin (called by its hooks)',
  async run(args, io) {
    const timer = setTimeout(() => {
      io.error(`the hook took more than ${timeLimit / 1000} s and was given up: this edit may be unknown`);
      process.exit(0);
    }, timeLimit);
    try {
      const [problem, ...more] = await takeReport(args[0], io);
      if (problem !== undefined) io.error(more.length === 0 ? problem : `${problem} (and ${more.length} more like it)`);
    } catch (error) {
      io.error(messageOf(error));
    } finally {
      clearTimeout(timer);
    }
    return 0;
  },
};

async function takeReport(id: string | undefined, io: Io): Promise<string[]> {
  const assistant = id === undefined ? undefined : findAssistant(id);
  const input = await io.readInput(maxPayload);
  if (!assistant)
    return [`there is no assistant ${JSON.stringify(id ?? '')}: one of ${assistants.map((a) => a.id).join(', ')}`];
  // The variables of a git hook above us speak of its repository, not of the edited files'.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete process.env[name];
  let payload: unknown;
  try {
    payload = JSON.parse(input.toString('utf8'));
  } catch (error) {
    return [`${assistant.title}'s payload is not JSON (${messageOf(error)}): not recorded`];
  }
  const test = v.safeParse(TestEvent, payload);
  if (test.success) return [testAnswer(test.output.nonce)];
  const teller = tellerOf(assistant, payload, process.env);
  return await report(teller.normalise(payload, process.env), placeFinder());
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
