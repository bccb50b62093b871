import { parseArgs } from 'node:util';
import { historyLimits } from '../git/history/advance.ts';
import { type HistoryUpdate, updateHistoryIndex } from '../git/history/historyIndex.ts';
import type { Command } from './command.ts';
import { openForCommand } from './place.ts';
import { statusLine } from './statusLine.ts';

export const indexCommand: Command = {
  name: 'index',
  usage: 'index [--json]',
  summary: 'bring the history that the risk is judged by up to date',
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    const { repository } = await openForCommand(io);
    const line = statusLine();
    const update = await updateHistoryIndex(repository, {
      onProgress: ({ read, total }) => line.show(`reading the history: ${number(read)} of ${number(total)} commits`),
    }).finally(() => line.clear());
    io.out(values.json ? `${JSON.stringify(jsonOf(update))}\n` : updateText(update));
    return 0;
  },
};

function jsonOf({ kind, tip, read, commits, since, isShallow, milliseconds }: HistoryUpdate): object {
  return {
    ...{ schema: 'countersign/index/1', result: kind, tip: tip ?? null, read, commits },
    ...{ since: since === undefined ? null : new Date(since * 1000).toISOString(), shallow: isShallow },
    ...{
      milliseconds: Math.round(milliseconds),
      bounds: { commits: historyLimits.commits, years: historyLimits.years },
    },
  };
}

function updateText({ kind, read, commits, since, isShallow, milliseconds }: HistoryUpdate): string {
  if (kind === 'empty') return 'there is no commit yet: nothing to read\n';
  const commitsText = (count: number): string => `${number(count)} ${count === 1 ? 'commit' : 'commits'}`;
  const first =
    kind === 'current' ? 'up to date' : `${commitsText(read)} read in ${(milliseconds / 1000).toFixed(1)} s`;
  const from = new Date((since ?? 0) * 1000).toISOString().slice(0, 10);
  const bounds = `the index knows ${commitsText(commits)}, none before ${from}`;
  const shallow = isShallow ? '; this clone is shallow, so files seem younger than they are' : '';
  return `${first}: ${bounds}${shallow}\n`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
