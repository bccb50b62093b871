import type { Project } from './project.ts';

// What the history index is to say, found another way: a few plain git commands for each commit, no state on disk, nothing
// shared with the program. Slow, and short enough to be believed.

export interface ReferenceFile {
  changes: number;
  lastChange: number;
  people: Set<string>;
}

export interface ReferenceFeatures {
  readonly linesAdded: number;
  readonly linesDeleted: number;
  readonly files: number;
  readonly directories: number;
  readonly entropy: number;
  readonly fileLines: number;
  readonly age: number;
  readonly changes: number;
  readonly developers: number;
}

export interface Reference {
  readonly files: ReadonlyMap<string, ReferenceFile>;
  /** Of each commit that changed a line, in order. */
  readonly features: readonly ReferenceFeatures[];
}

/** The history of a commit: first all of its first parent's, then what each other parent adds, then itself. */
export async function referenceOf(project: Project, tip: string): Promise<Reference> {
  const files = new Map<string, ReferenceFile>();
  const features: ReferenceFeatures[] = [];
  for (const id of await inOrder(project, tip)) {
    const [parents = '', time = '', person = ''] = (
      await project.git('show', '--no-patch', '--format=%P%n%ct%n%an', id)
    ).split('\n');
    if (parents.includes(' ')) continue;
    const changed = await changesOf(project, id);
    if (changed.some((file) => file.added + file.deleted > 0)) {
      features.push(await featuresOf(project, parents, changed, files, Number(time), person));
    }
    const moved = changed.map((file) => ({ file, before: files.get(file.from) }));
    for (const { file } of moved) if (file.from !== file.to) files.delete(file.from);
    for (const { file, before } of moved) {
      if (file.from !== file.to) {
        files.delete(file.to);
        if (before) files.set(file.to, before);
      }
      if (file.added + file.deleted === 0) continue;
      const known = files.get(file.to) ?? { changes: 0, lastChange: 0, people: new Set<string>() };
      files.set(file.to, {
        changes: known.changes + 1,
        lastChange: Math.max(known.lastChange, Number(time)),
        people: new Set([...known.people, person]),
      });
    }
  }
  return { files, features };
}

async function inOrder(project: Project, id: string): Promise<string[]> {
  const parentsOf = new Map<string, string[]>();
  for (const line of (await project.git('rev-list', '--parents', id)).trim().split('\n')) {
    const [commit = '', ...parents] = line.split(' ');
    parentsOf.set(commit, parents);
  }
  const listed = new Set<string>();
  const list = (commit: string): void => {
    if (listed.has(commit)) return;
    for (const parent of parentsOf.get(commit) ?? []) list(parent);
    listed.add(commit);
  };
  list(id);
  return [...listed];
}

interface Changed {
  readonly from: string;
  readonly to: string;
  readonly added: number;
  readonly deleted: number;
}

const options = ['-M50%', '-l1000', '--diff-algorithm=histogram', '--indent-heuristic'];

/** Files that nobody writes line by line left out; what is no text has no lines. */
async function changesOf(project: Project, id: string): Promise<Changed[]> {
  const show = ['-c', 'core.quotePath=false', 'show', '--format=', '-z', ...options, '--numstat', id];
  const fields = (await project.git(...show)).split('\0');
  const changed: Changed[] = [];
  for (let i = 0; i < fields.length; i++) {
    const [added, deleted, path] = (fields[i] as string).split('\t');
    if (added === undefined || deleted === undefined || path === undefined) continue;
    const [from, to] = path === '' ? [fields[++i] as string, fields[++i] as string] : [path, path];
    if (/package-lock\.json$|Cargo\.lock$|\.snap$/.test(to)) continue;
    changed.push({
      from,
      to,
      added: added === '-' ? 0 : Number(added),
      deleted: deleted === '-' ? 0 : Number(deleted),
    });
  }
  return changed;
}

async function featuresOf(
  project: Project,
  parent: string,
  changed: readonly Changed[],
  files: ReadonlyMap<string, ReferenceFile>,
  time: number,
  person: string,
): Promise<ReferenceFeatures> {
  const counted = changed.filter((file) => file.added + file.deleted > 0);
  const sum = (of: (file: Changed) => number): number => counted.reduce((total, file) => total + of(file), 0);
  const size = sum((file) => file.added + file.deleted);
  const known = counted.flatMap((file) => files.get(file.from) ?? []);
  const people = new Set([person, ...known.flatMap((file) => [...file.people])]);
  let before = 0;
  for (const file of counted) before += await linesOf(project, parent, file.from);
  const days = known.map((file) => Math.max(0, time - file.lastChange) / (24 * 60 * 60));
  return {
    linesAdded: sum((file) => file.added),
    linesDeleted: sum((file) => file.deleted),
    files: counted.length,
    directories: new Set(counted.map((file) => file.to.split('/').slice(0, -1).join('/'))).size,
    entropy: -sum((file) => ((file.added + file.deleted) / size) * Math.log2((file.added + file.deleted) / size)),
    fileLines: before / counted.length,
    age: days.length === 0 ? 0 : days.reduce((total, value) => total + value, 0) / days.length,
    changes: counted.length + known.reduce((total, file) => total + file.changes, 0),
    developers: people.size,
  };
}

async function linesOf(project: Project, commit: string, path: string): Promise<number> {
  if (commit === '') return 0;
  const { code, stdout } = await project.run('git', ['cat-file', 'blob', `${commit}:${path}`]);
  if (code !== 0 || stdout === '') return 0;
  return stdout.replace(/\n$/, '').split('\n').length;
}
