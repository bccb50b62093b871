import type { HookCommand } from '../../../src/agents/assistant.ts';

/** A command that stands for the one that `install` writes. */
export const command: HookCommand = { sh: 'S', powershell: 'P', cmd: 'C', argv: ['x'], windows: false };
