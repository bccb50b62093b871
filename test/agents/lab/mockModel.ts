import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Answer, Conversation, ServerSentEvent } from './dialect.ts';
import { dialects } from './dialects.ts';

/** One turn of the scripted model. */
export interface Step extends Answer {
  /**
   * Hands the step to conversations in which a person or a parent assistant said this: sub-agents run beside their
   * parent, so each such text is a queue of its own.
   */
  readonly when?: string;
  /**
   * Done before the step is handed out. All calls of the turn before have ended by then, hooks included, and none of
   * this one has begun: the moment at which somebody else may change the project.
   */
  readonly before?: () => void | Promise<void>;
}

/** A request for an answer of the model. */
export interface ModelRequest extends Conversation {
  readonly dialect: string;
  /** The index of the step it was answered with; absent for a request on the side, such as one for a title. */
  readonly step?: number;
  /** As it came, in JSON. */
  readonly body: string;
}

export interface MockModel {
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** What went wrong in here. The assistant sees no more than a refusal, so whoever runs it has to look. */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

/** An assistant at work offers more tools than this; requests on the side offer none, or just one. */
const minTools = 3;

/** Serves a scripted model on a free port of the loopback interface. */
export async function startMockModel(steps: readonly Step[]): Promise<MockModel> {
  const requests: ModelRequest[] = [];
  const failures: unknown[] = [];
  const taken = new Set<number>();
  let lastId = 0;
  const newId = (prefix: string): string => prefix + String(++lastId).padStart(22, '0');

  function takeStep({ tools, user }: Conversation): number | undefined {
    if (tools.length < minTools) return undefined;
    const queue = steps.find(({ when }) => when !== undefined && user.includes(when))?.when;
    const index = steps.findIndex(({ when }, at) => when === queue && !taken.has(at));
    if (index < 0) return undefined;
    taken.add(index);
    return index;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const dialect = request.method === 'POST' ? dialects.find(({ path }) => path.test(url.pathname)) : undefined;
    if (!dialect) {
      response.writeHead(404).end();
      return;
    }
    const asked = await json(request);
    const conversation = dialect.read(asked, url);
    const index = takeStep(conversation);
    const step = index === undefined ? undefined : steps[index];
    const stepTaken = index === undefined ? {} : { step: index };
    requests.push({ ...conversation, dialect: dialect.name, body: JSON.stringify(asked), ...stepTaken });
    await step?.before?.();
    const { whole, events } = dialect.reply(step ?? { text: 'Done.' }, conversation, newId);
    if (!conversation.stream) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.end(events.map(written).join(''));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      failures.push(error);
      response.writeHead(400).end(); // not 500, which assistants try again for minutes
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock model has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    failures,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function written({ name, data }: ServerSentEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`;
}
