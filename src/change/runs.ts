import path from 'node:path';
import { sha256 } from '../core/digest.ts';
import type { ValidatingLine } from '../core/validation/commandKinds.ts';
import type { RunOutcome, RunSource, TestCounts, ValidationKind } from '../core/validation/validation.ts';
import { type RunEntry, runLog } from '../ledger/runLog.ts';
import type { Place } from './place.ts';
import { takeSnapshot } from './snapshot.ts';
import { surroundingsOf } from './surroundings.ts';

/** A run that has ended. */
export interface EndedRun {
  readonly kind: ValidationKind;
  /** For a person, one line, and nothing that may be a secret: `npm test`, or a task's name. */
  readonly name: string;
  readonly source: RunSource;
  /** What was run, as a whole: of two runs of the same the later one counts. Only its digest is kept. */
  readonly identity: string;
  readonly outcome: RunOutcome;
  readonly exitCode?: number;
  readonly tests?: TestCounts;
  /** In ms. */
  readonly duration?: number;
  /** The object id of the tree that it ran on (`workTree`); without it the run is evidence of nothing that is there now. */
  readonly tree?: string | undefined;
  /** Files of results, relative to the top, which say nothing of the code. */
  readonly except?: readonly string[];
}

/** Names above this length (UTF-16 units) are cut. */
const maxNameLength = 60;

/** Notes a run. Who has seen it begin gives the tree of then: that is what was tested. */
export async function noteRun({ ledger }: Place, run: EndedRun): Promise<void> {
  const { kind, source, outcome, exitCode, tests, duration, tree, except = [] } = run;
  const entry: RunEntry = {
    at: new Date().toISOString(),
    ...{ source, kind, outcome },
    name: run.name.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, maxNameLength),
    key: sha256(`${kind}\0${run.name}\0${run.identity}`).slice(0, 16),
    ...(exitCode !== undefined && { exitCode }),
    ...(tests && { tests }),
    ...(duration !== undefined && { duration }),
    ...(tree !== undefined && { tree }),
    ...(except.length > 0 && { except: [...except] }),
  };
  await runLog(ledger.folder).append(entry);
}

/** The object id of what the work tree holds now, ignored files aside. */
export async function workTree(place: Place): Promise<string> {
  return (await takeSnapshot(place)).tree;
}

/** A shell's command line that has ended. */
export interface EndedLine {
  readonly command: string;
  /** Absolute: where it ran. */
  readonly folder: string;
  readonly source: RunSource;
  readonly exitCode: number;
  /** In ms. */
  readonly duration?: number;
  /** Object ids of what the work tree held before and after it, as far as it was noted. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Notes the runs of tests, builds, linters and scanners in a command line that its exit code tells of. */
export async function noteLine(place: Place, line: EndedLine): Promise<void> {
  const { command, folder, source, exitCode, duration, before, after } = line;
  const { ifPassed, ifFailed, isAlone } = await validatingLineOf(place, command, folder);
  const ended = exitCode === 0 ? ifPassed : ifFailed ? [ifFailed] : [];
  // Where something else ran, too, it may have written before the tests or after them: what they ran on is not known then.
  const tree = isAlone || before === after ? before : undefined;
  for (const each of ended) {
    await noteRun(place, {
      ...each,
      source,
      identity: identityOf(place, command, folder),
      outcome: outcomeOf(exitCode),
      exitCode,
      ...(duration !== undefined && { duration }),
      tree,
    });
  }
}

/**
 * A command line that begins in a shell: where it runs tests, a build, a linter or a scanner, and its exit code will tell how
 * those end, what the work tree holds is noted at once.
 *
 * @param folder absolute, where it runs
 * @returns what is to be called with the exit code at its end, `undefined` where that is not known: a run like that is evidence
 *   of nothing. `undefined` where there is nothing to note of the line.
 */
export async function beginLine(
  place: Place,
  command: string,
  folder: string,
  source: RunSource,
): Promise<((exitCode: number | undefined) => Promise<void>) | undefined> {
  const { ifPassed, ifFailed } = await validatingLineOf(place, command, folder);
  if (ifPassed.length === 0 && !ifFailed) return undefined;
  const began = Date.now();
  const before = await workTree(place);
  return async (exitCode) => {
    if (exitCode === undefined) return;
    const after = await workTree(place);
    await noteLine(place, { command, folder, source, exitCode, duration: Date.now() - began, before, after });
  };
}

async function validatingLineOf(place: Place, command: string, folder: string): Promise<ValidatingLine> {
  const { validatingLine } = await import('./classifier.ts');
  return validatingLine(command, surroundingsOf(folder, place.repository.top));
}

export function outcomeOf(exitCode: number | null): RunOutcome {
  return exitCode === null ? 'stopped' : exitCode === 0 ? 'passed' : 'failed';
}

/** The same for a command that is run again in the same folder. */
export function identityOf({ repository }: Place, command: string, folder: string): string {
  return `${path.relative(repository.top, folder)}\0${command}`;
}
