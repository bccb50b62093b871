import { logitOf, type ModelVariant } from '../../src/core/risk/additive.ts';
import type { Measure } from '../../src/core/risk/measures.ts';
import type { Settings } from './boosting.ts';
import type { LabelledCommit } from './dataset.ts';
import { fitVariant } from './fit.ts';
import { type Ranking, rankingOf } from './metrics.ts';

/** The projects of issta21, in the order of the published table. */
export const projects = ['qt', 'openstack', 'jdt', 'platform', 'gerrit', 'go'];

/** The published protocol tests with the commits of a project after this part of them, by time. */
const testedFrom = 0.8;

/** What a model says of the commits of one project. */
export interface Tested {
  readonly project: string;
  readonly faulty: Uint8Array;
  readonly scores: Float64Array;
  /** What it is compared with: the number of lines added as the score. */
  readonly linesAdded: Float64Array;
}

/** For each project a model of the others, of all their commits, tested with the project's last. */
export function crossProject(commits: readonly LabelledCommit[], chosen: readonly Measure[], how?: Settings): Tested[] {
  return projects.map((project) => {
    const others = commits.filter((commit) => commit.project !== project);
    const own = commits.filter((commit) => commit.project === project && commit.period === 'main');
    return scored(project, fitVariant(others, chosen, how), own.slice(Math.floor(own.length * testedFrom)));
  });
}

/**
 * The same for choosing settings, in the same way but with no commit that the protocol tests with: all of them are left out,
 * and the second half of those that are left does the testing.
 */
export function crossProjectBeforeTest(
  commits: readonly LabelledCommit[],
  chosen: readonly Measure[],
  settings: Settings,
): Tested[] {
  const before = commits.filter(({ period, position }) => period !== 'main' || position < testedFrom);
  return projects.map((project) => {
    const others = before.filter((commit) => commit.project !== project);
    const own = before.filter((commit) => commit.project === project && commit.period === 'main');
    const later = own.filter(({ position }) => position >= testedFrom / 2);
    return scored(project, fitVariant(others, chosen, settings), later);
  });
}

/** What a model says of these commits. */
export function scored(project: string, model: ModelVariant, commits: readonly LabelledCommit[]): Tested {
  return {
    project,
    faulty: Uint8Array.from(commits, ({ bug }) => Number(bug)),
    scores: Float64Array.from(commits, ({ features }) => logitOf(model, features)),
    linesAdded: Float64Array.from(commits, ({ features }) => features.linesAdded),
  };
}

export function rankingByModel({ scores, faulty }: Tested): Ranking {
  return rankingOf(scores, faulty);
}

export function rankingByLines({ linesAdded, faulty }: Tested): Ranking {
  return rankingOf(linesAdded, faulty);
}

export function meanRanking(rankings: readonly Ranking[]): Ranking {
  return {
    auc: mean(rankings.map(({ auc }) => auc)),
    prAuc: mean(rankings.map(({ prAuc }) => prAuc)),
    recall20: mean(rankings.map(({ recall20 }) => recall20)),
    precision10: mean(rankings.map(({ precision10 }) => precision10)),
  };
}

export function mean(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((sum, number) => sum + number, 0) / numbers.length;
}
