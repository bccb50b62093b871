import * as v from 'valibot';
import { type Dialect, message, textOf } from '../dialect.ts';

const chatRequest = v.looseObject({
  model: v.string(),
  stream: v.optional(v.boolean(), false),
  tools: v.optional(v.array(v.looseObject({ function: v.looseObject({ name: v.string() }) })), []),
  messages: v.array(message),
});

const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };

/** OpenAI's Chat Completions API, which many others speak too. */
export const chat: Dialect = {
  name: 'chat',
  path: /\/v1\/chat\/completions$/,
  read(body) {
    const { model, stream, tools, messages } = v.parse(chatRequest, body);
    const user = messages.filter(({ role }) => role === 'user').map((entry) => textOf(entry.content));
    const names = tools.map((tool) => tool.function.name);
    return { model, stream, tools: names, freeForm: new Set(), user: user.join('\n') };
  },
  reply({ calls = [], text }, { model }, newId) {
    const toolCalls = calls.map(({ tool, input }) => ({
      id: newId('call_'),
      type: 'function',
      function: { name: tool, arguments: JSON.stringify(input) },
    }));
    const head = { id: newId('chatcmpl-'), created: 1_767_225_600, model };
    const end = toolCalls.length > 0 ? 'tool_calls' : 'stop';
    const said = { role: 'assistant', content: text ?? null };
    const chunk = (delta: object, finish_reason: string | null = null, more: object = {}): { data: object } => ({
      data: { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }], ...more },
    });
    return {
      whole: {
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message: { ...said, tool_calls: toolCalls }, finish_reason: end }],
        usage,
      },
      events: [
        chunk(said),
        ...toolCalls.map((call, index) => chunk({ tool_calls: [{ index, ...call }] })),
        chunk({}, end, { usage }),
        { data: '[DONE]' },
      ],
    };
  },
};
