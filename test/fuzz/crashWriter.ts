import { readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openPlace, type Place } from '../../src/change/place.ts';
import { report } from '../../src/change/report.ts';
import { reviewFile } from '../../src/change/review.ts';
import type { Actor, AssistantEvent } from '../../src/core/assistantEvent.ts';
import { defaultLimits } from '../../src/ledger/compact.ts';
import { loadCommands } from '../support/loadCommands.ts';

// An assistant that never stops writing: node crashWriter.js FOLDER NAME GENERATION FILE KIND. It is killed at any moment.
// Each operation that has come back is acknowledged by a line on standard output: `own LINE`, `shared LINE`, `reviewed LINE`.

const [folder = '', name = '', generation = '', file = '', kind = 'edits'] = process.argv.slice(2);
const actor: Actor = { tool: name, session: 'session', kind: 'agent_action' };

/** Not buffered: what was said before the process dies was said. */
function acknowledge(text: string): void {
  writeSync(1, `${text}\n`);
}

function lineOf(number: number): string {
  return `const ${name}g${generation}n${number} = call${name}g${generation}n${number}();`;
}

function readText(absolute: string): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch {
    return '';
  }
}

/** As editors do: the file is the old one or the new one, never half of it. */
function writeText(absolute: string, text: string): void {
  writeFileSync(`${absolute}.${process.pid}`, text);
  renameSync(`${absolute}.${process.pid}`, absolute);
}

async function reported(place: Place, event: AssistantEvent): Promise<void> {
  const find = (): Promise<Place> => Promise.resolve(place);
  const problems = await report(event, { ofFile: find, ofFolder: find }, loadCommands);
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** Adds a line to the writer's own file, by an edit that says what it wrote or only that it wrote, or by a command. */
async function writeOwn(place: Place, number: number): Promise<void> {
  const absolute = path.join(folder, file);
  const edit = kind === 'edits';
  const before: AssistantEvent = edit
    ? { event: 'before-edit', actor, edits: [{ file: absolute }] }
    : { event: 'before-command', actor, cwd: folder };
  await reported(place, before);
  const text = `${readText(absolute)}${lineOf(number)}\n`;
  writeText(absolute, text);
  const says = number % 2 === 0 ? { written: { form: 'content', text } as const } : {};
  const after: AssistantEvent = edit
    ? { event: 'after-edit', actor, edits: [{ file: absolute, ...says }] }
    : { event: 'after-command', actor, cwd: folder };
  await reported(place, after);
  acknowledge(`own ${lineOf(number)}`);
}

/** One path, which all writers say that they have written. */
async function writeShared({ ledger }: Place, number: number): Promise<void> {
  const before = 'first();\nsecond();\nthird();\n';
  const after = `${before}${lineOf(number)}\n`;
  const author = {
    origin: 'ai',
    ...actor,
    evidence: 'reported',
    at: new Date().toISOString(),
    review: 'unseen',
  } as const;
  await ledger.observe('shared.js', after, { how: 'wrote', author, before, after });
  acknowledge(`shared ${lineOf(number)}`);
}

async function main(): Promise<void> {
  const place = await openPlace(folder);
  acknowledge('ready');
  for (let number = 1; ; number++) {
    await writeOwn(place, number);
    await writeShared(place, number);
    if (number % 15 === 0) {
      await reviewFile(place, file);
      acknowledge(`reviewed ${lineOf(number)}`);
    }
    if (number % 10 === 0) await place.ledger.compact(() => true, { ...defaultLimits, steps: 40, grace: 1_000 });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
