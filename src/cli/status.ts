import { parseArgs } from 'node:util';
import { fileJson, riskJson, totalsJson } from '../change/json.ts';
import { assessPending } from '../change/risk.ts';
import { headCommit } from '../git/workTree.ts';
import type { Command } from './command.ts';
import { formatActions, formatFiles, formatReviewers, formatRisk, formatTotals } from './format.ts';
import { formatValidations } from './formatValidation.ts';
import { withPlace } from './place.ts';

export const status: Command = {
  name: 'status',
  usage: 'status [--staged] [--json]',
  summary: 'the pending change: lines by origin, review and risk',
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { staged: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    });
    const [assessed, head] = await withPlace(io, (place) =>
      Promise.all([assessPending(place, values), values.json ? headCommit(place.repository) : undefined]),
    );
    const { files, risk, reviewers, actions, validations } = assessed;
    if (values.json) {
      const answer = {
        schema: 'countersign/status/1',
        head,
        files: files.map(fileJson),
        totals: totalsJson(files),
        actions,
        risk: riskJson(assessed),
        validation: validations,
      };
      io.out(`${JSON.stringify(answer)}\n`);
    } else if (files.length === 0) {
      io.out(values.staged ? 'nothing is staged\n' : 'nothing is pending\n');
      io.out(formatActions(actions));
    } else {
      const summary = `${formatTotals(files)}${formatActions(actions)}${formatRisk(risk)}${formatReviewers(reviewers, risk.level)}`;
      io.out(`${formatFiles(files)}\n${summary}${formatValidations(validations)}`);
    }
    return 0;
  },
};
