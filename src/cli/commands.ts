import { version } from '../version.ts';
import { blame } from './blame.ts';
import { calibrate } from './calibrate.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { evidence } from './evidence.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { gitHook } from './gitHook.ts';
import { hook } from './hook.ts';
import { indexCommand } from './indexCommand.ts';
import { install, uninstall } from './install.ts';
import { log } from './log.ts';
import { mcp } from './mcp.ts';
import { review } from './review.ts';
import { risk } from './risk.ts';
import { run } from './run.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { sync } from './sync.ts';
import { verify } from './verify.ts';

/** Every command there is, in the order of the help. */
export const commands: readonly Command[] = [
  status,
  show,
  blame,
  log,
  verify,
  explain,
  risk,
  review,
  run,
  evidence,
  exportCommand,
  sync,
  indexCommand,
  calibrate,
  install,
  uninstall,
  doctor,
  mcp,
  hook,
  gitHook,
];

export { version };

/** Where the summaries begin: a usage that is longer has its own below it, so that a line fits into a terminal. */
const summaryColumn = 42;

export function help(): string {
  const lines = commands.map(({ usage, summary }) => {
    const line = `  countersign ${usage}`;
    const isLong = line.length + 2 > summaryColumn;
    return isLong ? `${line}\n${' '.repeat(summaryColumn)}${summary}` : `${line.padEnd(summaryColumn)}${summary}`;
  });
  return `countersign ${version}: who wrote the pending change, who looked at it, what shows that it works\n\n${lines.join('\n')}\n`;
}
