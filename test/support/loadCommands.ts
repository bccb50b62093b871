import * as commands from '../../src/change/command.ts';

/** What the hook's program loads late is here already. */
export const loadCommands = (): Promise<typeof commands> => Promise.resolve(commands);
