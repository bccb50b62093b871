import { parseArgs } from 'node:util';
import { messageOf } from '../errors.ts';
import type { Command } from './command.ts';

/** For assistants: their program starts it, and speaks the Model Context Protocol with it. */
export const mcp: Command = {
  name: 'mcp',
  usage: 'mcp',
  summary: 'the same answers for assistants, over the Model Context Protocol (stdio)',
  async run(args, io) {
    parseArgs({ args: [...args], options: {} });
    const { serve } = await import('../mcp/server.ts');
    await serve(io.cwd, (error) => io.error(messageOf(error)));
    return 0;
  },
};
