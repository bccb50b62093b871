import assert from 'node:assert/strict';
import { type MockModel, type Step, startMockModel } from './lab/mockModel.ts';

const names = ['edit', 'shell', 'read'];
const call = { tool: 'edit', input: { path: 'a.ts' } };
const argument = JSON.stringify(call.input);

/** One API: how the same request and the call above look in it. */
interface Api {
  readonly path: string;
  /** Where a stream is asked for, if not at the same address. */
  readonly streamPath?: string;
  request(user: string, tools: readonly string[]): object;
  readonly whole: string;
  readonly streamed: string;
  /** The form of each event of a stream, and of the last one. */
  readonly event: RegExp;
  readonly last: RegExp;
}

/** Each event says its type twice. */
const named = /^event: (\S+)\ndata: \{"type":"\1"/;

const apis: Readonly<Record<string, Api>> = {
  anthropic: {
    path: '/v1/messages',
    request: (user, tools) => ({
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'text', text: user }] }],
      tools: tools.map((name) => ({ name })),
    }),
    whole: `"name":"edit","input":${argument}`,
    streamed: JSON.stringify({ type: 'input_json_delta', partial_json: argument }),
    event: named,
    last: /^event: message_stop\n/,
  },
  responses: {
    path: '/v1/responses',
    request: (user, tools) => ({
      model: 'm',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: user }] }],
      tools: [{ type: 'namespace', tools: tools.map((name) => ({ type: 'function', name })) }],
    }),
    whole: JSON.stringify({ arguments: argument }).slice(1, -1),
    streamed: '"type":"response.function_call_arguments.done"',
    event: named,
    last: /^event: response\.completed\n/,
  },
  chat: {
    path: '/v1/chat/completions',
    request: (user, tools) => ({
      model: 'm',
      messages: [
        { role: 'system', content: '[task]' },
        { role: 'assistant', content: null },
        { role: 'user', content: user },
      ],
      tools: tools.map((name) => ({ type: 'function', function: { name } })),
    }),
    whole: JSON.stringify({ name: 'edit', arguments: argument }),
    streamed: `"delta":{"tool_calls":[{"index":0,`,
    event: /^data: (\{.*"object":"chat\.completion\.chunk".*\}|\[DONE\])$/,
    last: /^data: \[DONE\]$/,
  },
  gemini: {
    path: '/v1beta/models/m:generateContent',
    streamPath: '/v1beta/models/m:streamGenerateContent?alt=sse',
    request: (user, tools) => ({
      contents: [{ role: 'user', parts: [{ text: user }] }],
      tools: [{ functionDeclarations: tools.map((name) => ({ name })) }, { googleSearch: {} }],
    }),
    whole: `"functionCall":{"name":"edit","args":${argument}}`,
    streamed: `"functionCall":{"name":"edit","args":${argument}}`,
    event: /^data: \{"candidates":/,
    last: /"finishReason":"STOP"/,
  },
};

describe('the mock model', () => {
  let model: MockModel;

  const start = async (steps: readonly Step[]): Promise<void> => {
    model = await startMockModel(steps);
  };

  afterEach(() => model.close());

  const post = (path: string, body: string): Promise<Response> =>
    fetch(`${model.url}${path}`, { method: 'POST', body });

  for (const [name, api] of Object.entries(apis)) {
    const ask = (user: string, tools = names): Promise<Response> =>
      post(api.path, JSON.stringify(api.request(user, tools)));

    it(`answers ${name} as a whole and as a stream`, async () => {
      await start([{ calls: [call] }, { calls: [call] }]);
      assert.ok((await (await ask('go')).text()).includes(api.whole));
      const request = JSON.stringify({ ...api.request('go', names), stream: true });
      const stream = await (await post(api.streamPath ?? api.path, request)).text();
      const events = stream.trimEnd().split('\n\n');
      assert.ok(events.some((event) => event.includes(api.streamed)));
      for (const event of events) assert.match(event, api.event);
      assert.match(events.at(-1) ?? '', api.last);
      assert.deepEqual(
        model.requests.map((one) => [one.model, one.stream, one.tools, one.user]),
        [false, true].map((streams) => ['m', streams, names, 'go']),
      );
    });

    it(`hands steps of ${name} to the conversation they are for, and none to requests on the side`, async () => {
      await start([{ text: 'for the parent' }, { when: '[task]', text: 'for the child' }]);
      assert.match(await (await ask('go', [])).text(), /Done\./);
      assert.match(await (await ask('go\n[task]')).text(), /for the child/);
      assert.match(await (await ask('go')).text(), /for the parent/);
      assert.match(await (await ask('go')).text(), /Done\./);
      assert.deepEqual(
        model.requests.map(({ dialect, step }) => [dialect, step]),
        [undefined, 1, 0, undefined].map((step) => [name, step]),
      );
    });
  }

  it('refuses and keeps what went wrong', async () => {
    const failure = new Error('the file is not there');
    await start([{ before: () => Promise.reject(failure), text: 'never said' }]);
    const request = { model: 'm', messages: [], tools: names.map((name) => ({ name })) };
    assert.equal((await post('/v1/messages', JSON.stringify(request))).status, 400);
    assert.equal((await post('/v1/messages', 'no JSON')).status, 400);
    assert.equal(model.failures.length, 2);
    assert.equal(model.failures[0], failure);
  });
});
