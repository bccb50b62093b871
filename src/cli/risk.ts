import { parseArgs } from 'node:util';
import { assessPending } from '../change/risk.ts';
import type { Command } from './command.ts';
import { formatRisk } from './format.ts';
import { openForCommand } from './place.ts';

export const risk: Command = {
  name: 'risk',
  usage: 'risk [--staged] [--json]',
  summary: 'the risk of the pending change, and what it is made of',
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { staged: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    });
    const place = await openForCommand(io);
    const { risk: found } = await assessPending(place, values);
    io.out(values.json ? `${JSON.stringify({ schema: 'countersign/risk/1', ...found })}\n` : formatRisk(found));
    return 0;
  },
};
