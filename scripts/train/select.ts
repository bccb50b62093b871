import type { Settings } from './boosting.ts';
import type { LabelledCommit } from './dataset.ts';
import { variantMeasures } from './fit.ts';
import { crossProjectBeforeTest, meanRanking, rankingByModel } from './protocol.ts';

/** What may be chosen among. */
const candidates: readonly Settings[] = [32, 64, 128].flatMap((bins) =>
  [200, 400].map((rounds) => ({ bins, rounds, learningRate: 0.05, shrinkage: 10 })),
);

/** A line a candidate, with the figures to choose by. */
export function* compareSettings(commits: readonly LabelledCommit[]): Generator<string> {
  for (const settings of candidates) {
    const tested = crossProjectBeforeTest(commits, variantMeasures['all known'], settings);
    const { auc, prAuc, recall20, precision10 } = meanRanking(tested.map(rankingByModel));
    const figures = [auc, prAuc, recall20, precision10].map((figure) => figure.toFixed(4)).join('  ');
    yield `${String(settings.bins).padStart(3)} bins, ${settings.rounds} rounds: ${figures}`;
  }
}
