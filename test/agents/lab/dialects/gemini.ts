import * as v from 'valibot';
import { type Dialect, textOf } from '../dialect.ts';

const geminiRequest = v.looseObject({
  tools: v.optional(
    v.array(v.looseObject({ functionDeclarations: v.optional(v.array(v.looseObject({ name: v.string() })), []) })),
    [],
  ),
  contents: v.array(
    v.looseObject({ role: v.optional(v.string()), parts: v.array(v.looseObject({ text: v.optional(v.string()) })) }),
  ),
});

/** Gemini's API. What others have in the request, the model and whether to stream, is in its address. */
export const gemini: Dialect = {
  name: 'gemini',
  path: /\/models\/[^/:]+:(streamG|g)enerateContent$/,
  read(body, { pathname }) {
    const { tools, contents } = v.parse(geminiRequest, body);
    const [, model = '', act] = /\/models\/([^/:]+):(\w+)$/.exec(pathname) ?? [];
    const user = contents.filter(({ role }) => role === 'user').map(({ parts }) => textOf(parts));
    return {
      model,
      stream: act === 'streamGenerateContent',
      tools: tools.flatMap((tool) => tool.functionDeclarations.map(({ name }) => name)),
      freeForm: new Set(),
      user: user.join('\n'),
    };
  },
  reply({ calls = [], text }, { model }) {
    const parts = [
      ...(text === undefined ? [] : [{ text }]),
      ...calls.map(({ tool, input }) => ({ functionCall: { name: tool, args: input } })),
    ];
    const whole = {
      candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
      modelVersion: model,
    };
    return { whole, events: [{ data: whole }] };
  },
};
