import { version } from '../version.ts';
import { blame } from './blame.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { gitHook } from './gitHook.ts';
import { hook } from './hook.ts';
import { install, uninstall } from './install.ts';
import { log } from './log.ts';
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
  exportCommand,
  sync,
  install,
  uninstall,
  doctor,
  hook,
  gitHook,
];

export { version };

export function help(): string {
  const width = Math.max(...commands.map((command) => command.usage.length));
  const lines = commands.map((command) => `  countersign ${command.usage.padEnd(width)}  ${command.summary}`);
  return `countersign ${version}: who wrote the pending change, who looked at it, what shows that it works\n\n${lines.join('\n')}\n`;
}
