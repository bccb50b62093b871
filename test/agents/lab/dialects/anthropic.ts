import * as v from 'valibot';
import { type Dialect, message, named, textOf } from '../dialect.ts';

const anthropicRequest = v.looseObject({
  model: v.string(),
  stream: v.optional(v.boolean(), false),
  tools: v.optional(v.array(v.looseObject({ name: v.string() })), []),
  messages: v.array(message),
});

/** Anthropic's Messages API. */
export const anthropic: Dialect = {
  name: 'anthropic',
  path: /\/v1\/messages$/,
  read(body) {
    const { model, stream, tools, messages } = v.parse(anthropicRequest, body);
    const user = messages.filter(({ role }) => role === 'user').map((entry) => textOf(entry.content));
    return { model, stream, tools: tools.map(({ name }) => name), freeForm: new Set(), user: user.join('\n') };
  },
  reply({ calls = [], text }, { model }, newId) {
    const blocks = [
      ...(text === undefined ? [] : [{ type: 'text', text }]),
      ...calls.map(({ tool, input }) => ({ type: 'tool_use', id: newId('toolu_01'), name: tool, input })),
    ];
    const end = { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null };
    const usage = { input_tokens: 10, output_tokens: 10 };
    const whole = { id: newId('msg_01'), type: 'message', role: 'assistant', model, content: blocks, ...end, usage };
    return {
      whole,
      events: named([
        { type: 'message_start', message: { ...whole, content: [], stop_reason: null } },
        ...blocks.flatMap((block, index) => [
          { type: 'content_block_start', index, content_block: started(block) },
          { type: 'content_block_delta', index, delta: delta(block) },
          { type: 'content_block_stop', index },
        ]),
        { type: 'message_delta', delta: end, usage: { output_tokens: 10 } },
        { type: 'message_stop' },
      ]),
    };
  },
};

type Block = { readonly type: string; readonly text: string } | { readonly type: string; readonly input: unknown };

const started = (block: Block): object => ('text' in block ? { ...block, text: '' } : { ...block, input: {} });
const delta = (block: Block): object =>
  'text' in block
    ? { type: 'text_delta', text: block.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
