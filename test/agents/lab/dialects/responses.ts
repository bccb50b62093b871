import * as v from 'valibot';
import { type Dialect, message, named, type ToolCall, textOf } from '../dialect.ts';

interface OfferedTool {
  readonly type: string;
  readonly name?: string | undefined;
  readonly tools?: readonly OfferedTool[] | undefined;
}

const offeredTool: v.GenericSchema<unknown, OfferedTool> = v.looseObject({
  type: v.string(),
  name: v.optional(v.string()),
  tools: v.optional(v.array(v.lazy(() => offeredTool))),
});

const responsesRequest = v.looseObject({
  model: v.string(),
  stream: v.optional(v.boolean(), false),
  tools: v.optional(v.array(offeredTool), []),
  input: v.array(
    v.looseObject({ ...message.entries, type: v.optional(v.string()), tools: v.optional(v.array(offeredTool), []) }),
  ),
});

/** OpenAI's Responses API. */
export const responses: Dialect = {
  name: 'responses',
  path: /\/v1\/responses$/,
  read(body) {
    const { model, stream, tools, input } = v.parse(responsesRequest, body);
    // Tools also come as items of the conversation, and in groups.
    const offered = [...tools, ...input.flatMap((item) => item.tools)].flatMap(members);
    // What a parent tells its sub-agent may come as an item of its own, and in a part that is named encrypted.
    const said = input.filter(({ role, type }) => role === 'user' || type === 'agent_message');
    return {
      model,
      stream,
      tools: offered.map(nameOf),
      freeForm: new Set(offered.filter(({ type }) => type === 'custom').map(nameOf)),
      user: said.map((item) => textOf(item.content)).join('\n'),
    };
  },
  reply({ calls = [], text }, { model, freeForm }, newId) {
    const items = [
      ...(text === undefined ? [] : [textItem(text, newId)]),
      ...calls.map((call) => callItem(call, freeForm.has(call.tool), newId)),
    ];
    const whole = {
      id: newId('resp_'),
      object: 'response',
      created_at: 1_767_225_600,
      status: 'completed',
      model,
      output: items.map(({ item }) => item),
      error: null,
      incomplete_details: null,
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 10,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 20,
      },
    };
    const events = [
      { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } },
      ...items.flatMap(({ item, begun, parts }, output_index) => [
        { type: 'response.output_item.added', output_index, item: { ...begun, status: 'in_progress' } },
        ...parts.map((part) => ({ ...part, item_id: item.id, output_index })),
        { type: 'response.output_item.done', output_index, item },
      ]),
      { type: 'response.completed', response: whole },
    ];
    return { whole, events: named(events.map((event, sequence_number) => ({ ...event, sequence_number }))) };
  },
};

const members = (tool: OfferedTool): readonly OfferedTool[] =>
  tool.type === 'namespace' ? (tool.tools ?? []).flatMap(members) : [tool];
const nameOf = (tool: OfferedTool): string => tool.name ?? tool.type;

/** An item of a response: as it is in the end, as it begins, and the events in between. */
interface Item {
  readonly item: { readonly id: string };
  readonly begun: object;
  readonly parts: readonly { readonly type: string }[];
}

function textItem(text: string, newId: (prefix: string) => string): Item {
  const item = {
    type: 'message',
    id: newId('msg_'),
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
  const at = { content_index: 0 };
  const parts = [
    { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '', annotations: [] } },
    { type: 'response.output_text.delta', ...at, delta: text },
    { type: 'response.output_text.done', ...at, text },
    { type: 'response.content_part.done', ...at, part: item.content[0] },
  ];
  return { item, begun: { ...item, content: [] }, parts };
}

function callItem({ tool, namespace, input }: ToolCall, freeForm: boolean, newId: (prefix: string) => string): Item {
  const head = { status: 'completed', call_id: newId('call_'), name: tool, ...(namespace ? { namespace } : {}) };
  const argument = typeof input === 'string' ? input : JSON.stringify(input);
  if (freeForm) {
    const item = { type: 'custom_tool_call', id: newId('ctc_'), ...head, input: argument };
    const parts = [
      { type: 'response.custom_tool_call_input.delta', delta: argument },
      { type: 'response.custom_tool_call_input.done', input: argument },
    ];
    return { item, begun: { ...item, input: '' }, parts };
  }
  const item = { type: 'function_call', id: newId('fc_'), ...head, arguments: argument };
  const parts = [
    { type: 'response.function_call_arguments.delta', delta: argument },
    { type: 'response.function_call_arguments.done', arguments: argument },
  ];
  return { item, begun: { ...item, arguments: '' }, parts };
}
