import path from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { openPlace } from '../change/place.ts';
import { messageOf } from '../errors.ts';
import { version } from '../version.ts';
import { PlaceInput, tools } from './tools.ts';

const instructions =
  'Countersign knows who wrote the lines of the uncommitted change (AI assistant, person, tool, or unknown), what a person has reviewed, and what was validated. Before you call a task done, ask validation_needed, do what it lists as "anyone", and tell the person what it lists as "person". Never mark lines as reviewed yourself.';

/**
 * Serves the tools over standard input and output, until the client goes away.
 *
 * @param cwd the folder whose repository is meant where a call names none
 * @param onProblem told of what goes wrong besides an answer: standard output belongs to the protocol
 */
export function serve(cwd: string, onProblem: (error: Error) => void): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('close', resolve);
    serveStdio(() => createServer(cwd), { onerror: onProblem });
  });
}

function createServer(cwd: string): McpServer {
  const server = new McpServer({ name: 'countersign', title: 'Countersign', version }, { instructions });
  for (const { name, title, description, input, answer } of tools) {
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: toStandardJsonSchema(input),
        annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      },
      async (given) => {
        try {
          const place = await openPlace(folderOf(v.parse(PlaceInput, given).folder, cwd));
          const answered = await answer(place, given);
          return { content: [{ type: 'text', text: JSON.stringify(answered) }], structuredContent: answered };
        } catch (error) {
          return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
        }
      },
    );
  }
  return server;
}

function folderOf(given: string | undefined, cwd: string): string {
  if (given === undefined) return cwd;
  if (!path.isAbsolute(given)) throw new Error(`folder: ${JSON.stringify(given)} is not absolute`);
  return given;
}
