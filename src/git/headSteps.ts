import type { Git } from './git.ts';

/** A place that HEAD was moved to. */
export interface HeadStep {
  readonly commit: string;
  /** In git's own words: `commit (amend): Add a`, `checkout: moving from main to side`. */
  readonly action: string;
}

/** More steps than this are not looked at. */
const maxSteps = 100;

/**
 * How HEAD came from a commit (`null`: an unborn branch) to where it is, the last step first, by git's own log of it;
 * `undefined` where that log does not lead there.
 */
export async function headSteps(git: Git, since: string | null): Promise<HeadStep[] | undefined> {
  const log = await git.ask(['log', '--walk-reflogs', `--max-count=${maxSteps + 1}`, '--format=%H %gs', 'HEAD']);
  const lines = (log ?? '').split('\n').filter((line) => line !== '');
  const steps = lines.map((line) => ({
    commit: line.slice(0, line.indexOf(' ')),
    action: line.slice(line.indexOf(' ') + 1),
  }));
  const end = since === null ? steps.length : steps.findIndex(({ commit }) => commit === since);
  return end < 0 || end > maxSteps ? undefined : steps.slice(0, end);
}

/** Whether the step made a commit of what was there, by `git commit`; one that joined branches is none of these. */
export function madeCommit({ action }: HeadStep): boolean {
  return /^commit(?: \((?:initial|amend)\))?:/.test(action);
}
