import { type Gain, gainOverLines } from './bootstrap.ts';
import { type LabelledCommit, projectsOf } from './dataset.ts';
import { fitVariant, variantMeasures } from './fit.ts';
import type { Ranking } from './metrics.ts';
import {
  crossProject,
  mean,
  meanRanking,
  projects,
  rankingByLines,
  rankingByModel,
  scored,
  type Tested,
} from './protocol.ts';

/**
 * Areas under the curve across projects: Zeng et al., "Deep just-in-time defect prediction: how far are we?", ISSTA 2021,
 * as their package has them (`ResultAnalysis/RQ2-T5/result.csv`; LApredict: `ResultAnalysis/RQ3-F7/cross_only_result.csv`).
 */
const published = {
  'DeepJIT, published': [0.681, 0.709, 0.682, 0.635, 0.661, 0.654],
  'CC2Vec, published': [0.686, 0.72, 0.702, 0.637, 0.665, 0.642],
  'logistic regression of 14 features, published': [0.607, 0.678, 0.664, 0.696, 0.659, 0.643],
  'LApredict (lines added alone), published': [0.744, 0.749, 0.676, 0.746, 0.75, 0.683],
};

/** The published protocol for each variant, and the model on neurojit, as Markdown. */
export function evaluate(issta21: readonly LabelledCommit[], neurojit: readonly LabelledCommit[]): string {
  const variants = Object.entries(variantMeasures).map(
    ([name, chosen]) => [name, crossProject(issta21, chosen)] as const,
  );
  const [, whole] = variants[0] as (typeof variants)[number];
  const model = fitVariant(issta21, variantMeasures['all known']);
  const foreign = projectsOf(neurojit).map((project) =>
    scored(
      project,
      model,
      neurojit.filter((commit) => commit.project === project),
    ),
  );
  return [
    'Area under the ROC curve, by project:',
    aucTable(whole),
    'All figures, of Countersign / of lines added alone:',
    rankingTable(whole),
    'Where less is known, on average; the gain in AUC is that over lines added alone, with its 95 % interval:',
    variantTable(variants),
    'The model of all six projects on the projects of `neurojit`, of Countersign / of lines added alone:',
    rankingTable(foreign),
    `Gain in AUC there: ${gainText(gainOverLines(foreign))}.`,
  ].join('\n\n');
}

function aucTable(tested: readonly Tested[]): string {
  const row = (name: string, figures: readonly number[]): string[] => [name, ...[...figures, mean(figures)].map(three)];
  const byLines = tested.map((one) => rankingByLines(one).auc);
  const byModel = tested.map((one) => rankingByModel(one).auc);
  return table(
    ['', ...projects, 'mean'],
    [
      ...Object.entries(published).map(([name, figures]) => row(name, figures)),
      row('lines added alone, computed here', byLines),
      row('**Countersign**', byModel),
    ],
  );
}

const rankingColumns = ['AUC', 'PR-AUC', 'recall, riskiest 20 %', 'precision, riskiest 10 %'];

function rankingTable(tested: readonly Tested[]): string {
  const pairs = (model: Ranking, lines: Ranking): string[] => {
    const others = figuresOf(lines);
    return figuresOf(model).map((figure, index) => `${figure} / ${others[index]}`);
  };
  return table(
    ['', 'commits', 'faulty', ...rankingColumns],
    [
      ...tested.map((one) => [
        one.project,
        String(one.faulty.length),
        `${(100 * mean(one.faulty)).toFixed(0)} %`,
        ...pairs(rankingByModel(one), rankingByLines(one)),
      ]),
      ['mean', '', '', ...pairs(meanRanking(tested.map(rankingByModel)), meanRanking(tested.map(rankingByLines)))],
    ],
  );
}

function variantTable(variants: readonly (readonly [string, readonly Tested[]])[]): string {
  return table(
    ['', ...rankingColumns, 'gain in AUC'],
    variants.map(([name, tested]) => [
      name,
      ...figuresOf(meanRanking(tested.map(rankingByModel))),
      gainText(gainOverLines(tested)),
    ]),
  );
}

function figuresOf({ auc, prAuc, recall20, precision10 }: Ranking): string[] {
  return [auc, prAuc, recall20, precision10].map(three);
}

function gainText({ mean: gain, low, high }: Gain): string {
  return `${signed(gain)} (${signed(low)} to ${signed(high)})`;
}

function three(figure: number): string {
  return figure.toFixed(3);
}

function signed(figure: number): string {
  return `${figure < 0 ? '−' : '+'}${three(Math.abs(figure))}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
