import type { Git } from './git.ts';
import { readObjects } from './objects.ts';

/** What git says of a commit's signature. */
export type CommitSignature =
  | { readonly state: 'none' }
  /** `signer` is empty where git names none. */
  | { readonly state: 'good' | 'expired'; readonly signer: string }
  /** Right for these bytes, by a key that nobody here vouches for. */
  | { readonly state: 'stranger' }
  | { readonly state: 'bad' | 'revoked' }
  /** Git could not check it: the key, the list of allowed signers or the program is not here. */
  | { readonly state: 'unchecked' };

/**
 * Checks the signatures of commits: git's own check, with the keys and programs that the person has set up, and only where
 * there is a signature, for each starts a process. A commit without one is left out.
 */
export async function checkCommitSignatures(
  git: Git,
  commits: readonly string[],
): Promise<Map<string, CommitSignature>> {
  const objects = await readObjects(git, commits);
  const signed = commits.filter((commit) => hasSignature(objects.get(commit)));
  if (signed.length === 0) return new Map();
  const args = ['log', '--no-walk=unsorted', '--stdin', '-z', '--no-show-signature', '--format=%H%n%G?%n%GS'];
  const output = await git.text(args, { input: `${signed.join('\n')}\n` });
  const entries = output.split('\0').filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => {
      const [commit = '', status = '', signer = ''] = entry.split('\n');
      return [commit, signatureOf(status, signer)];
    }),
  );
}

/** The header ends at the first empty line; `gpgsig-sha256` is the signature of a repository with SHA-256 ids. */
function hasSignature(commit: Buffer | undefined): boolean {
  if (!commit) return false;
  const end = commit.indexOf('\n\n');
  return /^gpgsig(-sha256)? /m.test(commit.toString('latin1', 0, end < 0 ? commit.length : end));
}

/** @param status git's letter (`%G?`) for a commit that has a signature: `N` says that there was nothing to check it with */
function signatureOf(status: string, signer: string): CommitSignature {
  switch (status) {
    case 'G':
      return { state: 'good', signer };
    case 'X':
    case 'Y':
      return { state: 'expired', signer };
    case 'U':
      return { state: 'stranger' };
    case 'B':
      return { state: 'bad' };
    case 'R':
      return { state: 'revoked' };
    default:
      return { state: 'unchecked' };
  }
}
