import { configFolder, openCodeFamily } from './openCodeFamily.ts';

/** Kilo Code CLI, which descends from OpenCode. */
export const kilo = openCodeFamily('kilo', 'Kilo', configFolder('kilo'));
