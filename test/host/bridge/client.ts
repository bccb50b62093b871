import {
  addressVariable,
  type BridgeCommands,
  type BridgeRequest,
  type BridgeResponse,
  type Page,
  tokenVariable,
} from './protocol.ts';

/** The extension host's side of the bridge: each call is one request to the runner. */
async function call<K extends keyof BridgeCommands>(
  command: K,
  ...args: Parameters<BridgeCommands[K]>
): Promise<Awaited<ReturnType<BridgeCommands[K]>>> {
  const address = process.env[addressVariable];
  if (!address) throw new Error(`${addressVariable} is not set: the suites are started by test/host/run.ts.`);
  const request: BridgeRequest = { command, args };
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env[tokenVariable]}` },
    body: JSON.stringify(request),
  });
  if (!response.ok) throw new Error(`The runner refused ${command}: HTTP ${response.status}.`);
  const result = (await response.json()) as BridgeResponse;
  if ('error' in result)
    throw new Error(`${command}(${args.map((arg) => JSON.stringify(arg)).join(', ')}): ${result.error}`);
  // The runner's table of commands has this very type.
  return result.value as Awaited<ReturnType<BridgeCommands[K]>>;
}

/** The runner and the page it drives, as seen from inside the extension host. */
export const bridge: BridgeCommands = {
  type: (text) => call('type', text),
  press: (key) => call('press', key),
  click: (selector) => call('click', selector),
  hover: (selector) => call('hover', selector),
  hoverCode: (word) => call('hoverCode', word),
  waitFor: (selector) => call('waitFor', selector),
  waitUntilGone: (selector) => call('waitUntilGone', selector),
  text: (selector) => call('text', selector),
  texts: (selector) => call('texts', selector),
  attribute: (selector, name) => call('attribute', selector, name),
  style: (selector, property, pseudoElement) => call('style', selector, property, pseudoElement),
  screenshot: (name) => call('screenshot', name),
  session: () => call('session'),
  print: (text) => call('print', text),
  finish: (counts) => call('finish', counts),
};

/** The page that shows this very workbench. */
export const page: Page = bridge;
