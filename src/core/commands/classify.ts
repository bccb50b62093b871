import { type CommandClass, commandClasses } from './classes.ts';
import { isPowerShell, walkPowerShell } from './powershellScript.ts';
import { type Finding, RuleTable } from './rule.ts';
import { families } from './rules/families.ts';
import { walkShell } from './shellScript.ts';
import type { SimpleCommand, Surroundings } from './simpleCommand.ts';
import { Scope, Walk } from './walk.ts';

export type { Finding } from './rule.ts';
export type { Surroundings } from './simpleCommand.ts';

export interface Classification {
  /** In the order of `commandClasses`; `other` alone where no rule says anything. */
  readonly classes: readonly CommandClass[];
  /** What the classes rest on, each thing once. */
  readonly findings: readonly Finding[];
  /** It could not be read, or not all of it: of the rest nothing is said. */
  readonly unparsed?: true;
}

/** In UTF-16 units: a longer command is not read. */
export const maxCommandLength = 64 * 1024;

const table = new RuleTable(families);

/** What a command does, as it is given to a shell. Never throws, and takes a time linear in its length. */
export function classifyCommand(command: string, surroundings: Surroundings): Classification {
  if (command.length > maxCommandLength) return { classes: ['other'], findings: [], unparsed: true };
  const walk = walkThrough(command, surroundings);
  const findings = new Map<string, Finding>();
  for (const simple of walk.commands) {
    for (const finding of table.findings(simple, surroundings)) {
      findings.set(`${finding.class} ${finding.what}`, finding);
    }
  }
  const found = [...findings.values()];
  const classes = commandClasses.filter((each) => found.some((finding) => finding.class === each));
  return {
    classes: classes.length > 0 ? classes : ['other'],
    findings: found,
    ...(walk.incomplete && { unparsed: true }),
  };
}

/** Every program that a command line of this length or less runs, as far as it can be read. */
export function programsIn(command: string, surroundings: Surroundings): readonly SimpleCommand[] {
  return command.length > maxCommandLength ? [] : walkThrough(command, surroundings).commands;
}

function walkThrough(command: string, surroundings: Surroundings): Walk {
  const shell = walkOf('shell', command, surroundings);
  const isForPowerShell = shell.commands.some(({ program }) => isPowerShell(program));
  return isForPowerShell ? walkOf('powershell', command, surroundings) : shell;
}

function walkOf(language: 'shell' | 'powershell', command: string, surroundings: Surroundings): Walk {
  const walk = new Walk(surroundings, { shell: walkShell, powershell: walkPowerShell });
  walk.script(language, command, new Scope({ folder: surroundings.folder, elsewhere: false }), {});
  return walk;
}
