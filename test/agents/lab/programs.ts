import type { Program } from './program.ts';
import { claude } from './programs/claude.ts';
import { cline, clineGpt } from './programs/cline.ts';
import { codex, codexCode } from './programs/codex.ts';
import { continueCli } from './programs/continueCli.ts';
import { copilot, copilotGpt } from './programs/copilot.ts';
import { gemini } from './programs/gemini.ts';
import { kilo, kiloGpt, openCode, openCodeGpt } from './programs/openCode.ts';
import { qwen } from './programs/qwen.ts';

/** Every program that can be run headless against a model of ours, and its variants. */
export const programs = {
  claude,
  codex,
  'codex-code': codexCode,
  gemini,
  copilot,
  'copilot-gpt': copilotGpt,
  qwen,
  cline,
  'cline-gpt': clineGpt,
  continue: continueCli,
  opencode: openCode,
  'opencode-gpt': openCodeGpt,
  kilo,
  'kilo-gpt': kiloGpt,
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

export const programNames = Object.keys(programs).filter(isProgramName);

export function isProgramName(name: string): name is ProgramName {
  return Object.hasOwn(programs, name);
}

/** How a program is called in the words of a test. */
export function headline({ title, version, variant }: Program): string {
  return `${title} ${version}${variant === undefined ? '' : ` (${variant})`}`;
}
