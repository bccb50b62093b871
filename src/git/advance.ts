import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Git, GitError } from './git.ts';

/** One file of a ref's tree. Paths have no line break and do not begin with a quotation mark. */
export type TreeEdit =
  | { readonly path: string; readonly bytes: string | Uint8Array }
  /** A blob that is here already, by its object id. */
  | { readonly path: string; readonly object: string }
  | { readonly path: string; readonly removed: true };

/** Where a ref goes from the tip that was looked at. */
export type Step =
  | { readonly kind: 'stay' }
  /** To a commit that has all that the tip has. */
  | { readonly kind: 'move'; readonly to: string }
  /** To a new commit on top of the tip, and of `merged` (a commit id) if there is one. */
  | {
      readonly kind: 'commit';
      readonly message: string;
      readonly edits: readonly TreeEdit[];
      readonly merged?: string;
    };

/** Who commits to our refs: the program, so that no identity has to be configured and no person is named. */
const committer = 'Countersign <countersign@localhost>';

/** Writers that lose the race try again with the new tip; each loss means that somebody else won. */
const maxAttempts = 100;
/** Attempts that fail while the ref stays where it is: it is not a race, then. */
const maxStill = 2;
/** After each lost race a writer waits for up to twice as long, in ms: all at once keep each other from winning. */
const firstPause = 10;
const longestPause = 2000;
/** How long git waits for the lock of a ref, in ms: others hold it for some. */
const lockTimeout = 300;

const lockSettings = ['-c', `core.filesRefLockTimeout=${lockTimeout}`, '-c', `reftable.lockTimeout=${lockTimeout}`];

/** The commit that a ref points to; `undefined` where there is none that can be read. */
export function tipOf(git: Git, ref: string): Promise<string | undefined> {
  return git.ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
}

/**
 * Moves a ref by compare-and-swap: looks at its tip, asks what follows from that, and looks again where somebody else was
 * faster. Nothing of theirs is ever lost or forced.
 *
 * @throws {GitError} where the ref cannot be moved though nobody else moves it
 */
export async function advance(git: Git, ref: string, next: (tip: string | undefined) => Promise<Step>): Promise<void> {
  await untilWon(git, ref, await tipOf(git, ref), async (tip) => {
    const step = await next(tip);
    if (step.kind === 'move') await git.run([...lockSettings, 'update-ref', ref, step.to, tip ?? '']);
    if (step.kind === 'commit') await commitTo(git, ref, tip, step);
  });
}

/** Adds files to the tree of a ref, whatever it holds: by one process where the ref is there and nobody is faster. */
export function addFiles(git: Git, ref: string, message: string, edits: readonly TreeEdit[]): Promise<void> {
  const itself = `${ref}^0`;
  return untilWon(git, ref, itself, (tip) =>
    commitTo(git, ref, tip === undefined ? undefined : itself, { message, edits }),
  );
}

/** @param expected the tip, or a name for it, of the first attempt */
async function untilWon(
  git: Git,
  ref: string,
  expected: string | undefined,
  attempt: (tip: string | undefined) => Promise<void>,
): Promise<void> {
  let tip = expected;
  let still = 0;
  for (let count = 1; ; count++) {
    try {
      await attempt(tip);
      return;
    } catch (error) {
      if (!(error instanceof GitError) || error.reason !== 'failed' || count === maxAttempts) throw error;
      await wait(Math.random() * Math.min(firstPause * 2 ** count, longestPause));
      const now = await tipOf(git, ref);
      still = now === tip ? still + 1 : 0;
      if (still === maxStill) throw error;
      tip = now;
    }
  }
}

/**
 * `git fast-import` writes blobs, trees and commit in one process, and moves the ref only forward. It leaves loose objects
 * below the limit that is pinned here, and a pack above.
 */
async function commitTo(
  git: Git,
  ref: string,
  from: string | undefined,
  { message, edits, merged }: Omit<Extract<Step, { kind: 'commit' }>, 'kind'>,
): Promise<void> {
  const args = ['-c', 'fastimport.unpackLimit=100', ...lockSettings, 'fast-import', '--quiet', '--date-format=raw'];
  const lines = [
    // In the stream, not on the command line: a writer that is killed before it wrote anything leaves no crash report.
    'feature done',
    `commit ${ref}`,
    `committer ${committer} ${Math.floor(Date.now() / 1000)} +0000`,
    `data ${Buffer.byteLength(message)}\n${message}`,
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(merged === undefined ? [] : [`merge ${merged}`]),
  ];
  const input = Buffer.concat([
    Buffer.from(`${lines.join('\n')}\n`),
    ...edits.flatMap(editLines),
    Buffer.from('done\n'),
  ]);
  try {
    await git.run(args, { input });
  } catch (error) {
    if (error instanceof GitError) await removeCrashReport(git, error.stderr);
    throw error;
  }
}

function editLines(edit: TreeEdit): Uint8Array[] {
  if ('removed' in edit) return [Buffer.from(`D ${edit.path}\n`)];
  if ('object' in edit) return [Buffer.from(`M 100644 ${edit.object} ${edit.path}\n`)];
  const bytes = Buffer.from(edit.bytes);
  return [Buffer.from(`M 100644 inline ${edit.path}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
}

/** What fast-import leaves in the git folder when it gives up is for its developers; git's words say enough. */
async function removeCrashReport(git: Git, words: string): Promise<void> {
  const name = /\b(fast_import_crash_\d+)$/m.exec(words)?.[1];
  if (name === undefined) return;
  await rm(path.resolve(git.folder, await git.text(['rev-parse', '--git-path', name])), { force: true });
}
