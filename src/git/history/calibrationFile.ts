import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Calibration } from '../../core/risk/calibration.ts';
import { isErrorCode } from '../../errors.ts';
import type { Repository } from '../repository.ts';
import { replaceWhole } from './replaceWhole.ts';

/** What a calibration was made from, and with which model. */
export interface StoredCalibration {
  /** Names the model: a probability of another one would be wrong. */
  readonly model: string;
  /** When it was made: ISO 8601. */
  readonly made: string;
  /** One for each variant of the model, in its order; `null` where there is none. */
  readonly variants: readonly (Calibration | null)[];
}

/** After so many days a repository has changed too much. */
const maxAgeDays = 180;
const msOfDay = 86_400_000;

const schema = v.object({
  schema: v.literal('countersign/calibration/1'),
  model: v.string(),
  made: v.pipe(v.string(), v.isoTimestamp()),
  variants: v.array(v.nullable(v.object({ slope: v.pipe(v.number(), v.minValue(0)), intercept: v.number() }))),
});

/** One for all worktrees: what it says is of the repository, not of a branch. */
function fileOf({ commonDir }: Pick<Repository, 'commonDir'>): string {
  return path.join(commonDir, 'countersign', 'calibration.json');
}

/**
 * The calibration of a repository; `undefined` where there is none, and where it is damaged, of another model, or too old.
 *
 * @param model the name of the model that is in use
 */
export function readCalibration(
  repository: Pick<Repository, 'commonDir'>,
  model: string,
  now = Date.now(),
): StoredCalibration | undefined {
  const parsed = v.safeParse(schema, jsonOf(fileOf(repository)));
  if (!parsed.success || parsed.output.model !== model) return undefined;
  const { made, variants } = parsed.output;
  return now - Date.parse(made) > maxAgeDays * msOfDay ? undefined : { model, made, variants };
}

export function writeCalibration(repository: Pick<Repository, 'commonDir'>, calibration: StoredCalibration): void {
  replaceWhole(fileOf(repository), `${JSON.stringify({ schema: 'countersign/calibration/1', ...calibration })}\n`);
}

/** Takes it away where it does not hold any more. */
export function removeCalibration(repository: Pick<Repository, 'commonDir'>): void {
  rmSync(fileOf(repository), { force: true });
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}
