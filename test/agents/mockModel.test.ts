import assert from 'node:assert/strict';
import { type MockModel, type Step, startMockModel } from './lab/mockModel.ts';

const names = ['edit', 'shell', 'read'];
const call = { tool: 'edit', input: { path: 'a.ts' } };
const argument = JSON.stringify(call.input);

/** The same request in each API, and the words of each for the call above. */
const apis = {
  anthropic: {
    path: '/v1/messages',
    request: (user: string, tools: readonly string[]) => ({
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'text', text: user }] }],
      tools: tools.map((name) => ({ name })),
    }),
    whole: `"name":"edit","input":${argument}`,
    streamed: JSON.stringify({ type: 'input_json_delta', partial_json: argument }),
    last: 'message_stop',
  },
  responses: {
    path: '/v1/responses',
    request: (user: string, tools: readonly string[]) => ({
      model: 'm',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: user }] }],
      tools: [{ type: 'namespace', tools: tools.map((name) => ({ type: 'function', name })) }],
    }),
    whole: JSON.stringify({ arguments: argument }).slice(1, -1),
    streamed: '"type":"response.function_call_arguments.done"',
    last: 'response.completed',
  },
};

describe('the mock model', () => {
  let model: MockModel;

  const start = async (steps: readonly Step[]): Promise<void> => {
    model = await startMockModel(steps);
  };

  afterEach(() => model.close());

  for (const [name, { path, request, whole, streamed, last }] of Object.entries(apis)) {
    const ask = (user: string, more: object = {}, tools = names): Promise<Response> =>
      fetch(`${model.url}${path}`, { method: 'POST', body: JSON.stringify({ ...request(user, tools), ...more }) });

    it(`answers ${name} as a whole and as a stream`, async () => {
      await start([{ calls: [call] }, { calls: [call] }]);
      assert.ok((await (await ask('go')).text()).includes(whole));
      const events = (await (await ask('go', { stream: true })).text()).trimEnd().split('\n\n');
      assert.ok(events.some((event) => event.includes(streamed)));
      for (const event of events) assert.match(event, /^event: (\S+)\ndata: \{"type":"\1"/);
      assert.match(events.at(-1) ?? '', new RegExp(`^event: ${last}\n`));
    });

    it(`hands steps of ${name} to the conversation they are for, and none to requests on the side`, async () => {
      await start([{ text: 'for the parent' }, { when: '[task]', text: 'for the child' }]);
      assert.match(await (await ask('go', {}, [])).text(), /Done\./);
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
    const { path, request } = apis.anthropic;
    const post = (body: string): Promise<Response> => fetch(`${model.url}${path}`, { method: 'POST', body });
    assert.equal((await post(JSON.stringify(request('go', names)))).status, 400);
    assert.equal((await post('no JSON')).status, 400);
    assert.equal(model.failures.length, 2);
    assert.equal(model.failures[0], failure);
  });
});
