import { createHash } from 'node:crypto';
import type { Step, TreeEdit } from './advance.ts';
import type { Git } from './git.ts';
import { changesTo, listNotes } from './notes.ts';
import { readObjects } from './objects.ts';

/** What has to be done so that a ref has what another one has, too. */
export interface Union {
  readonly step: Step;
  /** How many files or notes came from the other side, and how many the other side lacks. */
  readonly received: number;
  readonly lacking: number;
}

/** A commit on each side. */
interface Sides {
  readonly mine: string;
  readonly theirs: string;
}

/** Files are named after digests: those of one path are of one content, or one of them is not what its name says. */
export async function uniteRecords(git: Git, sides: Sides): Promise<Union> {
  const differences = await differencesOf(git, sides);
  const contested = differences.flatMap(({ mine, theirs }) => (mine && theirs ? [mine, theirs] : []));
  const bytes = await readObjects(git, contested);
  const isTheirs = ({ path, mine, theirs }: Difference): boolean =>
    theirs !== undefined && (mine === undefined || rightful(path, mine, theirs, bytes) === theirs);
  const taken = differences.filter(isTheirs);
  const kept = differences.filter((difference) => !isTheirs(difference));
  return {
    step: await stepOf(git, sides, 'records', editsOf(taken), kept.length),
    received: taken.length,
    lacking: kept.length,
  };
}

function editsOf(taken: readonly Difference[]): TreeEdit[] {
  return taken.flatMap(({ path, theirs }) => (theirs === undefined ? [] : [{ path, object: theirs }]));
}

/** The one whose bytes hash to the name; else any, so long as two clones agree. */
function rightful(path: string, mine: string, theirs: string, bytes: ReadonlyMap<string, Buffer>): string {
  const fits = (object: string): boolean => {
    const content = bytes.get(object);
    return content !== undefined && path.includes(createHash('sha256').update(content).digest('hex'));
  };
  if (fits(mine) !== fits(theirs)) return fits(mine) ? mine : theirs;
  return mine < theirs ? mine : theirs;
}

/** Each note says, line by line, what it says on either side. */
export async function uniteNotes(git: Git, sides: Sides): Promise<Union> {
  const [mine, theirs] = await Promise.all([listNotes(git, sides.mine), listNotes(git, sides.theirs)]);
  const taken = await changesTo(git, mine, theirs);
  const lacking = await changesTo(git, theirs, mine);
  const count = (edits: readonly TreeEdit[]): number => edits.filter((edit) => !('removed' in edit)).length;
  return {
    step: await stepOf(git, sides, 'notes', taken, lacking.length),
    received: count(taken),
    lacking: count(lacking),
  };
}

/** Where the other side has all that is here, its commit is taken; where it is behind, nothing happens; else they are merged. */
async function stepOf(
  git: Git,
  { mine, theirs }: Sides,
  what: string,
  edits: readonly TreeEdit[],
  lacking: number,
): Promise<Step> {
  if (mine === theirs) return { kind: 'stay' };
  if (lacking === 0) return { kind: 'move', to: theirs };
  const isBehind = (await git.ask(['merge-base', mine, theirs])) === theirs;
  if (edits.length === 0 && isBehind) return { kind: 'stay' };
  return { kind: 'commit', message: `Merge ${what}`, edits, merged: theirs };
}

interface Difference {
  readonly path: string;
  /** Object ids; `undefined` where that side has no such file. */
  readonly mine: string | undefined;
  readonly theirs: string | undefined;
}

/** Only what is named as we name it is shared: a remote's tree may hold anything. */
const recordName = /^[0-9a-f]{2}\/[0-9a-f]{64}\.[a-z0-9.-]+$/;

async function differencesOf(git: Git, { mine, theirs }: Sides): Promise<Difference[]> {
  const output = await git.text(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', mine, theirs]);
  const fields = output.split('\0');
  const differences: Difference[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [facts = '', path = ''] = [fields[i], fields[i + 1]];
    const [oldMode = '', newMode = '', oldObject, newObject] = facts.slice(1).split(' ');
    if (!recordName.test(path)) continue;
    const isFile = (mode: string): boolean => mode.startsWith('100');
    differences.push({
      path,
      mine: isFile(oldMode) ? oldObject : undefined,
      theirs: isFile(newMode) ? newObject : undefined,
    });
  }
  return differences.filter((difference) => difference.mine !== difference.theirs);
}
