import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Features } from '../../src/core/risk/features.ts';
import { featuresOfRow, kameiColumns } from '../../src/core/risk/kamei.ts';
import { readCsv } from '../../src/csv.ts';
import { root } from '../paths.ts';

/** A commit of which is known whether it had to be mended later. */
export interface LabelledCommit {
  readonly project: string;
  /** `main`, or `old` for the years before. */
  readonly period: string;
  /** Where it stands among those of its project and period, in time: 0 for the first, below 1 for the last. */
  readonly position: number;
  readonly bug: boolean;
  readonly features: Features;
}

/** The files of `data/`: what they are trained and judged with is exactly these bytes. */
const digests = {
  issta21: 'd05c112a3acc1e5c94a923a63413172c57606308a1a29f08e42066d253802091',
  neurojit: '189efb9ecc759f9597d8b7dc2c16db4240496a47ffcbe267c1d8c08320a430ca',
};

/** In the order of the file: by project, period and time. @throws Error where the file is another than that of `data/README.md` */
export async function readDataset(name: keyof typeof digests): Promise<LabelledCommit[]> {
  const file = path.join(root, 'data', `${name}.csv.gz`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest('hex');
  if (digest !== digests[name]) throw new Error(`${file}: its SHA-256 is ${digest}, not ${digests[name]}.`);

  const read: Omit<LabelledCommit, 'position'>[] = [];
  const totals = new Map<string, number>();
  for await (const { cells } of readCsv(file, [...kameiColumns, 'project', 'period', 'bug'])) {
    const { project = '', period = '', bug } = cells;
    totals.set(`${project} ${period}`, (totals.get(`${project} ${period}`) ?? 0) + 1);
    read.push({ project, period, bug: bug === '1', features: featuresOfRow(cells) });
  }
  const seen = new Map<string, number>();
  return read.map((commit) => {
    const key = `${commit.project} ${commit.period}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { ...commit, position: before / (totals.get(key) as number) };
  });
}

export function projectsOf(commits: readonly LabelledCommit[]): string[] {
  return [...new Set(commits.map(({ project }) => project))];
}
