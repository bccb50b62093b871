/** How the model's logits become a probability here: Platt's scaling, fitted on this repository's own commits. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/** One commit of the past: what the model says of it, how many lines it added, and whether a later fix was traced to it. */
export interface Outcome {
  readonly logit: number;
  readonly linesAdded: number;
  readonly isRisky: boolean;
}

/** How well a score tells the risky commits. */
export interface Quality {
  /** The chance that of a risky and another commit the risky one has the higher score; a half is what guessing gives. */
  readonly auc: number;
  /** The share of the risky commits that are among the fifth with the highest scores. */
  readonly recall: number;
}

export interface Evaluation {
  readonly commits: number;
  readonly risky: number;
  readonly model: Quality;
  /** The same for the number of added lines alone: what the model has to beat. */
  readonly linesAdded: Quality;
  /** The lower end of the 95 % interval of the model's area under the curve, by bootstrap. */
  readonly lowerBound: number;
}

/** Fewer say too little about a repository. */
export const leastCommits = 200;
export const leastRisky = 30;

/** What share of the commits counts as the riskiest. */
const riskiest = 0.2;

export function evaluate(outcomes: readonly Outcome[]): Evaluation {
  const labels = outcomes.map(({ isRisky }) => isRisky);
  const logits = outcomes.map(({ logit }) => logit);
  const qualityOf = (scores: readonly number[]): Quality => ({
    auc: areaUnderCurve(scores, labels),
    recall: recallAmongRiskiest(scores, labels),
  });
  return {
    commits: outcomes.length,
    risky: labels.filter(Boolean).length,
    model: qualityOf(logits),
    linesAdded: qualityOf(outcomes.map(({ linesAdded }) => linesAdded)),
    lowerBound: lowerBound(logits, labels),
  };
}

/** Why no probability may be shown; `undefined` where one may. */
export function whyNot({ commits, risky, lowerBound: bound }: Evaluation): string | undefined {
  if (commits < leastCommits) return `${commits} commits that are old enough: at least ${leastCommits} are needed`;
  if (risky < leastRisky) return `${risky} commits that a fix was traced to: at least ${leastRisky} are needed`;
  if (commits - risky < leastRisky) return `a fix was traced to ${risky} of ${commits} commits: that tells none apart`;
  if (!(bound > 0.5)) return 'the score does not tell the risky commits of this repository better than chance';
  return undefined;
}

/** The probability that a change has to be mended later. */
export function probabilityOf({ slope, intercept }: Calibration, logit: number): number {
  return 1 / (1 + Math.exp(-(slope * logit + intercept)));
}

/** Ties count half; a half where there are not both kinds. */
export function areaUnderCurve(scores: readonly number[], labels: readonly boolean[]): number {
  const order = scores.map((score, i) => ({ score, isRisky: labels[i] === true })).sort((a, b) => a.score - b.score);
  let [risky, others, wins] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let [riskyHere, othersHere] = [0, 0];
    for (; end < order.length && order[end]?.score === order[start]?.score; end++) {
      if (order[end]?.isRisky) riskyHere++;
      else othersHere++;
    }
    wins += riskyHere * (others + othersHere / 2);
    risky += riskyHere;
    others += othersHere;
    start = end;
  }
  return risky === 0 || others === 0 ? 0.5 : wins / (risky * others);
}

function recallAmongRiskiest(scores: readonly number[], labels: readonly boolean[]): number {
  const order = scores.map((score, i) => ({ score, isRisky: labels[i] === true })).sort((a, b) => b.score - a.score);
  const risky = order.filter(({ isRisky }) => isRisky).length;
  const found = order.slice(0, Math.ceil(riskiest * order.length)).filter(({ isRisky }) => isRisky).length;
  return risky === 0 ? 0 : found / risky;
}

const resamples = 400;

/** The same for the same commits: the samples are drawn by a generator with a fixed seed. */
function lowerBound(scores: readonly number[], labels: readonly boolean[]): number {
  let state = 1;
  const below = (bound: number): number => {
    // A linear congruential generator modulo 2^31 - 1 (Park and Miller) is enough to draw samples.
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
  const areas = Array.from({ length: resamples }, () => {
    const drawn = scores.map(() => below(scores.length));
    return areaUnderCurve(
      drawn.map((i) => scores[i] as number),
      drawn.map((i) => labels[i] as boolean),
    );
  });
  return areas.sort((a, b) => a - b)[Math.floor(0.025 * resamples)] ?? 0.5;
}

const maxSteps = 100;

/**
 * Platt's scaling by Newton's method, with his targets: as if one more commit of each kind had been seen, so that no
 * probability is 0 or 1.
 *
 * @returns `undefined` where a higher logit does not mean a higher probability
 */
export function calibrate(outcomes: readonly Outcome[]): Calibration | undefined {
  const risky = outcomes.filter(({ isRisky }) => isRisky).length;
  const [high, low] = [(risky + 1) / (risky + 2), 1 / (outcomes.length - risky + 2)];
  let [slope, intercept] = [0, Math.log((risky + 1) / (outcomes.length - risky + 1))];
  for (let step = 0; step < maxSteps; step++) {
    let [gradientSlope, gradientIntercept, a, b, c] = [0, 0, 1e-12, 0, 1e-12];
    for (const { logit, isRisky } of outcomes) {
      const probability = probabilityOf({ slope, intercept }, logit);
      const error = probability - (isRisky ? high : low);
      const weight = probability * (1 - probability);
      gradientSlope += error * logit;
      gradientIntercept += error;
      a += weight * logit * logit;
      b += weight * logit;
      c += weight;
    }
    const determinant = a * c - b * b;
    const [stepSlope, stepIntercept] = [
      (c * gradientSlope - b * gradientIntercept) / determinant,
      (a * gradientIntercept - b * gradientSlope) / determinant,
    ];
    if (!Number.isFinite(stepSlope) || !Number.isFinite(stepIntercept)) return undefined;
    slope -= stepSlope;
    intercept -= stepIntercept;
    if (Math.abs(stepSlope) + Math.abs(stepIntercept) < 1e-10) break;
  }
  return slope > 0 ? { slope, intercept } : undefined;
}
