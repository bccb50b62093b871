import { logitOf, probabilityOf } from '../core/risk/additive.ts';
import { featuresOfRow, kameiColumns } from '../core/risk/kamei.ts';
import { variantFor } from '../core/risk/model.ts';
import { type CsvRow, readCsv } from '../csv.ts';
import { messageOf } from '../errors.ts';
import type { Io } from './command.ts';

/** So much is written at a time. */
const blockLength = 65_536;

/**
 * Scores the rows of a CSV file of commits by the model as it ships, so that anybody can judge it on data of their own: prints
 * one `probability,logit` a row. The probability is that at the base rate of the training set. @throws Error naming file, row
 * and column
 */
export async function scoreFeatures(file: string, io: Io): Promise<void> {
  let block = 'probability,logit\n';
  for await (const row of readCsv(file, kameiColumns)) {
    const logit = logitOfRow(file, row);
    block += `${probabilityOf(logit).toFixed(6)},${logit}\n`;
    if (block.length < blockLength) continue;
    io.out(block);
    block = '';
  }
  io.out(block);
}

function logitOfRow(file: string, { number, cells }: CsvRow): number {
  try {
    const features = featuresOfRow(cells);
    return logitOf(variantFor(features), features);
  } catch (error) {
    throw new Error(`${file}: row ${number}, ${messageOf(error)}`);
  }
}
