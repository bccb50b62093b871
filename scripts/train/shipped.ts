import { logitOf, type ModelVariant } from '../../src/core/risk/additive.ts';
import type { LabelledCommit } from './dataset.ts';
import { fitVariant, variantMeasures } from './fit.ts';

/** Of so many commits of the training set one is in the fixture. */
const sampledOf = 1500;

/** What training makes, by its path: the model, and what it says of some commits of the training set. */
export function shippedFiles(commits: readonly LabelledCommit[]): Record<string, string> {
  const variants = Object.values(variantMeasures).map((chosen) => fitVariant(commits, chosen));
  const sample = commits.filter((_, index) => index % sampledOf === 0);
  return {
    'src/core/risk/model.json': modelText(variants),
    'test/unit/risk/modelLogits.json': jsonLines(
      sample.map(({ features }) => ({ features, logits: variants.map((variant) => logitOf(variant, features)) })),
    ),
  };
}

/** JSON with a line a table, so that a change of the model can be read. */
function modelText(variants: readonly ModelVariant[]): string {
  const texts = variants.map(({ intercept, tables, quantiles }) => {
    const lines = tables.map((table) => `        ${JSON.stringify(table)}`).join(',\n');
    return `    {\n      "intercept": ${intercept},\n      "tables": [\n${lines}\n      ],\n      "quantiles": ${JSON.stringify(quantiles)}\n    }`;
  });
  return `{\n  "variants": [\n${texts.join(',\n')}\n  ]\n}\n`;
}

function jsonLines(values: readonly unknown[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]\n`;
}
