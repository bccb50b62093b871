import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Lifetime } from '../../../scripts/lifetime.ts';
import {
  addressVariable,
  type BridgeCommands,
  type BridgeRequest,
  type BridgeResponse,
  tokenVariable,
} from './protocol.ts';

/** The runner's side of the bridge. Which commands answer changes with the session. */
export interface Bridge {
  /** What the extension host has to have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  commands: BridgeCommands | undefined;
}

export async function startBridge(lifetime: Lifetime): Promise<Bridge> {
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    void answer(request, response, token, bridge.commands);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await lifetime.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  // A server on a port, not on a pipe, has an address of this form.
  const { port } = server.address() as AddressInfo;
  const bridge: Bridge = {
    env: { [addressVariable]: `http://127.0.0.1:${port}/`, [tokenVariable]: token },
    commands: undefined,
  };
  return bridge;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  commands: BridgeCommands | undefined,
): Promise<void> {
  if (!isAllowed(request.headers.authorization, token)) {
    response.writeHead(403).end();
    return;
  }
  let result: BridgeResponse;
  try {
    const { command, args }: BridgeRequest = JSON.parse(await text(request));
    if (!commands) throw new Error('No session is running.');
    if (!Object.hasOwn(commands, command)) throw new Error(`The bridge has no command ${command}.`);
    const run: unknown = Reflect.get(commands, command);
    if (typeof run !== 'function') throw new Error(`The bridge has no command ${command}.`);
    result = { value: await run(...args) };
  } catch (error) {
    result = { error: error instanceof Error ? error.message : String(error) };
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

function isAllowed(authorization: string | undefined, token: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
