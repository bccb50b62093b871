import { configFolder, openCodeFamily } from './openCodeFamily.ts';

export const opencode = openCodeFamily('opencode', 'OpenCode', configFolder('opencode'));
