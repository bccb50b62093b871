import path from 'node:path';
import { readPending } from '../../change/pending.ts';
import { openPlace, type Place } from '../../change/place.ts';
import { assessPending } from '../../change/risk.ts';
import type { FileChange } from '../../core/change.ts';
import { sha256 } from '../../core/digest.ts';
import { policyFile } from '../../core/policy/commandPolicy.ts';
import type { Risk } from '../../core/risk/risk.ts';
import { headCommit, lastChange } from '../../git/workTree.ts';
import { namesIn, statIfThere } from '../../ledger/files.ts';
import { isNoted } from './noted.ts';

/** The pending change of a repository and its risk: plain data. */
export interface PendingChange {
  readonly files: readonly FileChange[];
  readonly risk: Risk;
}

interface Judged {
  /** Stands for all that the risk was made of. */
  readonly key: string;
  readonly risk: Risk;
}

/** Reads pending changes, again and again; a change is judged anew only where something has changed that bears on its risk. */
export class PendingReader {
  readonly #judged = new Map<string, Judged>();

  /**
   * @param folder in the repository
   * @param isFresh whether it is judged anew in any case
   */
  async read(folder: string, isFresh: boolean): Promise<PendingChange> {
    const place = await openPlace(folder);
    const files = await readPending(place, { staged: false });
    const key = await keyOf(place, files);
    const { gitDir } = place.repository;
    const known = this.#judged.get(gitDir);
    if (!isFresh && known?.key === key) return { files, risk: known.risk };
    const { files: read, risk } = await assessPending(place, { staged: false });
    this.#judged.set(gitDir, { key, risk });
    return { files: read, risk };
  }
}

/**
 * The commit below, every added line with its author (not since when: what nobody is known to have written is seen for the
 * first time again and again), and when everything else that the risk is made of was changed last: the
 * files that lost lines, the policy, the settings, and what is noted of validation, commands and history.
 */
async function keyOf({ repository, ledger }: Place, files: readonly FileChange[]): Promise<string> {
  const head = await headCommit(repository);
  const shrunk = files.filter(({ deleted }) => deleted > 0).map(({ path: name }) => lastChange(repository, name));
  const folders = [ledger.folder, path.join(ledger.folder, 'scans')];
  const noted = folders.flatMap((folder) =>
    namesIn(folder)
      .filter(isNoted)
      .map((name) => path.join(folder, name)),
  );
  const others = [path.join(repository.top, policyFile), path.join(repository.commonDir, 'config'), ...noted];
  const changed = others.map((file) => {
    const stats = statIfThere(file);
    return [file, stats?.mtimeMs, stats?.size];
  });
  return sha256(JSON.stringify([head, files, shrunk, changed], (name, value) => (name === 'at' ? undefined : value)));
}
