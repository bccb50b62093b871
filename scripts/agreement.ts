import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { areaUnderCurve } from '../src/core/risk/calibration.ts';
import type { Features } from '../src/core/risk/features.ts';
import { commitsOf, historyLimits } from '../src/git/history/advance.ts';
import { FileHistories } from '../src/git/history/fileHistories.ts';
import { counts, type HistoryCommit } from '../src/git/history/historyCommit.ts';
import { headOf } from '../src/git/history/historyIndex.ts';
import { historyGit } from '../src/git/history/log.ts';
import { runScript } from './lifetime.ts';

// node --import tsx scripts/agreement.ts REPOSITORY DATA PROJECT: how far the features that are read from a repository's
// history agree with those of the training data (DATA: the set as CSV, packed by gzip or not; PROJECT: its first column).
// docs/risk-history.md explains the differences.

/** A row of the training data. */
type Row = ReadonlyMap<string, string>;

/** The columns, and what stands for them here. */
const columns: Readonly<Record<string, (features: Features) => number | undefined>> = {
  la: ({ linesAdded }) => linesAdded,
  ld: ({ linesDeleted }) => linesDeleted,
  nf: ({ files }) => files,
  nd: ({ directories }) => directories,
  entropy: ({ entropy }) => entropy,
  lt: ({ fileLines }) => fileLines,
  fix: ({ fix }) => Number(fix),
  age: ({ history }) => history?.age,
  ndev: ({ history }) => history?.developers,
  nuc: ({ history }) => history?.changes,
};

/** The data has three decimals. */
const tolerance = 0.00051;

interface Compared {
  readonly row: Row;
  /** As the product counts. */
  readonly own: Features;
  /** Without new files: the data has none. */
  readonly like: Features;
  /** Different names of these files, whatever their folders: what the data calls files. */
  readonly names: number;
}

runScript(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [repository, data, project] = positionals;
  if (!repository || !data || !project) throw new Error('Usage: scripts/agreement.ts REPOSITORY DATA PROJECT');
  const rows = rowsOf(data, project);
  const compared = await compare(repository, rows);
  const out = (text: string): boolean => process.stdout.write(`${text}\n`);
  out(`${project}: ${rows.size} commits in the data, ${compared.length} of them in the history of HEAD`);
  const withoutNew = compared.filter(({ own, like }) => own.files === like.files);
  out(`${withoutNew.length} of these add no file\n`);
  out('| column | equal | within 5 % | rank correlation | equal where no file is new |');
  out('|---|---|---|---|---|');
  for (const [name, of] of Object.entries(columns)) out(rowText(name, of, compared, withoutNew));
  out(`\n${await explain(repository, compared)}`);
  const labels = compared.map(({ row }) => row.get('bug') === '1');
  const auc = (of: (one: Compared) => number): string => areaUnderCurve(compared.map(of), labels).toFixed(3);
  out(`\nlines added alone, area under the curve: ${auc(({ row }) => Number(row.get('la')))} as in the data,`);
  out(
    `${auc(({ like }) => like.linesAdded)} read here without new files, ${auc(({ own }) => own.linesAdded)} with them`,
  );
});

/** Of what differs, how much is as it has to be by how the data was made. */
async function explain(repository: string, compared: readonly Compared[]): Promise<string> {
  const number = (row: Row, name: string): number => Number(row.get(name));
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance;
  const files = compared.filter(({ row, like }) => like.files !== number(row, 'nf'));
  const sizes = compared.filter(
    ({ row, like }) => like.fileLines !== undefined && !isNear(like.fileLines, number(row, 'lt')),
  );
  const lines = compared.filter(
    ({ row, like }) => like.linesAdded !== number(row, 'la') || like.linesDeleted !== number(row, 'ld'),
  );
  const ages = compared.filter(({ row, like }) => like.history && !isNear(like.history.age, number(row, 'age')));
  const myers: boolean[] = [];
  for (const { row } of lines) myers.push(await isSoByDefault(repository, row));
  const share = (what: string, all: number, explained: number, why: string): string =>
    `${what}: ${all} differ, ${explained} of them as they must: ${why}`;
  const names = (one: Compared): boolean => one.names === number(one.row, 'nf');
  const mean = ({ row, like: { fileLines = 0, files: count }, names: different }: Compared): boolean =>
    isNear((fileLines * count) / different, number(row, 'lt'));
  const younger = ({ row, like: { history } }: Compared): boolean => (history?.age ?? 0) < number(row, 'age');
  return [
    share('nf', files.length, files.filter(names).length, 'the data counts names, whatever the folder'),
    share('lt', sizes.length, sizes.filter(mean).length, 'the mean over those'),
    share('la and ld', lines.length, myers.filter(Boolean).length, "git's default algorithm gives the data's"),
    share('age', ages.length, ages.filter(younger).length, 'the data sees the last change that still has a line'),
    '',
  ].join('\n');
}

/** Whether git counts a commit's lines in files that were there before as the data does, with options as they come. */
async function isSoByDefault(repository: string, row: Row): Promise<boolean> {
  const options = [
    '--format=',
    '-M',
    '--diff-filter=a',
    '--numstat',
    '--diff-algorithm=default',
    '--no-indent-heuristic',
  ];
  const output = await historyGit(repository).text(['show', ...options, row.get('commit') ?? '']);
  let [added, deleted] = [0, 0];
  for (const line of output.split('\n')) {
    const [a, d] = line.split('\t');
    added += Number(a) || 0;
    deleted += Number(d) || 0;
  }
  return added === Number(row.get('la')) && deleted === Number(row.get('ld'));
}

function rowText(
  name: string,
  of: (features: Features) => number | undefined,
  compared: readonly Compared[],
  withoutNew: readonly Compared[],
): string {
  const pairs = (all: readonly Compared[]): [number, number][] =>
    all.flatMap(({ row, like }): [number, number][] => {
      const value = of(like);
      return value === undefined ? [] : [[value, Number(row.get(name))]];
    });
  const known = pairs(compared);
  const share = (all: readonly [number, number][], isSame: (a: number, b: number) => boolean): string =>
    `${((100 * all.filter(([a, b]) => isSame(a, b)).length) / all.length).toFixed(1)} %`;
  const isEqual = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance;
  const isNear = (a: number, b: number): boolean => isEqual(a, b) || Math.abs(a - b) <= 0.05 * Math.max(a, b);
  const cells = [name, share(known, isEqual), share(known, isNear), rankCorrelation(known).toFixed(3)];
  return `| ${[...cells, share(pairs(withoutNew), isEqual)].join(' | ')} |`;
}

/** The commits of a project by their ids; where two parts of the set hold one, the later counts. */
function rowsOf(file: string, project: string): Map<string, Row> {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  const rows = new Map<string, Row>();
  for (const line of lines) {
    if (!line.startsWith(`${project},`)) continue;
    const cells = line.split(',');
    const row = new Map(names.map((name, i) => [name, cells[i] ?? '']));
    rows.set(row.get('commit') ?? '', row);
  }
  return rows;
}

async function compare(repository: string, rows: ReadonlyMap<string, Row>): Promise<Compared[]> {
  const shallow = { commits: new Set<string>(), digest: '' };
  const source = { git: historyGit(repository), shallow, limits: historyLimits };
  const head = await headOf(source.git);
  if (!head) throw new Error(`${repository} has no commit`);
  const files = new FileHistories();
  const compared: Compared[] = [];
  for await (const commit of commitsOf(source, { to: head.id }, '')) {
    const row = rows.get(commit.id);
    const old = like(commit);
    if (row && counts(old)) {
      const names = old.files.filter((file) => file.added + file.deleted > 0).map((file) => path.basename(file.path));
      const own = files.featuresOf(commit);
      compared.push({ row, own, like: files.featuresOf(old), names: new Set(names).size });
    }
    files.add(commit);
  }
  return compared;
}

function like(commit: HistoryCommit): HistoryCommit {
  return { ...commit, files: commit.files.filter(({ oldBlob }) => !/^0+$/.test(oldBlob)) };
}

/** Spearman's. */
function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const [a, b] = [ranks(pairs.map(([value]) => value)), ranks(pairs.map(([, value]) => value))];
  const mean = (pairs.length - 1) / 2;
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [i, rank] of a.entries()) {
    const [x, y] = [rank - mean, (b[i] as number) - mean];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return product / Math.sqrt(squaresA * squaresB);
}

/** Equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const result: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end++;
    for (let k = start; k <= end; k++) result[(order[k] as { i: number }).i] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}
