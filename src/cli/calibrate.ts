import { parseArgs } from 'node:util';
import { isApplicable, logitOf, type ModelVariant } from '../core/risk/additive.ts';
import { calibrate as calibration, type Evaluation, evaluate, type Outcome, whyNot } from '../core/risk/calibration.ts';
import { variants } from '../core/risk/model.ts';
import { modelName } from '../core/risk/modelName.ts';
import { removeCalibration, writeCalibration } from '../git/history/calibrationFile.ts';
import { maxFixes, type Outcomes, type PastCommit, readOutcomes } from '../git/history/outcomes.ts';
import type { Command } from './command.ts';
import { table } from './format.ts';
import { openForCommand } from './place.ts';
import { statusLine } from './statusLine.ts';

export const calibrate: Command = {
  name: 'calibrate',
  usage: 'calibrate [--json]',
  summary: "does the score predict this repository's fixes? If so, show a probability",
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    const { repository } = await openForCommand(io);
    const line = statusLine();
    const outcomes = await readOutcomes(repository, {
      onProgress: ({ what, done, total }) =>
        line.show(`${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`),
    }).finally(() => line.clear());
    // The variant that asks for the most comes first: all is known of what is committed.
    const evaluation = evaluate(outcomesFor(variants[0], outcomes.commits));
    const why = whyNot(evaluation);
    if (why === undefined) {
      const fitted = variants.map((variant) => calibration(outcomesFor(variant, outcomes.commits)) ?? null);
      writeCalibration(repository, { model: modelName, made: new Date().toISOString(), variants: fitted });
    } else removeCalibration(repository);
    io.out(values.json ? `${JSON.stringify(jsonOf(outcomes, evaluation, why))}\n` : textOf(outcomes, evaluation, why));
    return 0;
  },
};

function outcomesFor(variant: ModelVariant | undefined, commits: readonly PastCommit[]): Outcome[] {
  if (variant === undefined) return [];
  return commits
    .filter(({ features }) => isApplicable(variant, features))
    .map(({ features, isRisky }) => ({ logit: logitOf(variant, features), linesAdded: features.linesAdded, isRisky }));
}

function jsonOf({ fixes, medianDays, tooYoung }: Outcomes, evaluation: Evaluation, why: string | undefined): object {
  return {
    ...{ schema: 'countersign/calibrate/1', calibrated: why === undefined, why: why ?? null, ...evaluation },
    ...{ fixes, medianDays: medianDays ?? null, tooYoung },
  };
}

function textOf(outcomes: Outcomes, evaluation: Evaluation, why: string | undefined): string {
  const { fixes, medianDays, tooYoung } = outcomes;
  const { commits, risky, model, linesAdded, lowerBound } = evaluation;
  const count = (value: number): string => value.toLocaleString('en');
  const rows = [
    ['', 'area under the curve', 'found among the riskiest fifth'],
    [
      'the score',
      `${model.auc.toFixed(3)} (at least ${lowerBound.toFixed(3)})`,
      `${(100 * model.recall).toFixed(0)} %`,
    ],
    ['lines added alone', linesAdded.auc.toFixed(3), `${(100 * linesAdded.recall).toFixed(0)} %`],
  ];
  const bound = fixes === maxFixes ? 'the last ' : '';
  const median = medianDays === undefined ? '' : `, half of them within ${medianDays.toFixed(0)} days`;
  const young = tooYoung === 0 ? '' : `; ${count(tooYoung)} are younger than that and do not count`;
  const verdict = why === undefined ? 'calibrated: the risk shows a probability from now on' : `not calibrated: ${why}`;
  return [
    `${bound}${count(fixes)} fixes traced back${median}; they mend ${count(risky)} of ${count(commits)} commits${young}\n`,
    ...(commits === 0 ? [] : [table(rows)]),
    `${verdict}\n`,
  ].join('');
}
