import * as v from 'valibot';

/** A call of one of the assistant's tools, as its model would ask for it. */
export interface ToolCall {
  readonly tool: string;
  /** The group the tool is in, where the API has such. */
  readonly namespace?: string;
  /** A text for a free-form tool, an object for the others. */
  readonly input: string | Readonly<Record<string, unknown>>;
}

/** What the model answers: any number of tool calls, or a text that ends the assistant's turn. */
export interface Answer {
  readonly calls?: readonly ToolCall[];
  readonly text?: string;
}

/** What the mock needs to know of a request, whatever API it came through. */
export interface Conversation {
  readonly model: string;
  readonly stream: boolean;
  /** The tools on offer. */
  readonly tools: readonly string[];
  /** Those of them that take plain text. */
  readonly freeForm: ReadonlySet<string>;
  /** All that people, or a parent assistant, said in it. */
  readonly user: string;
}

/** One answer in both of its forms: as a whole, and as the events of a stream. */
export interface Reply {
  readonly whole: object;
  readonly events: readonly ServerSentEvent[];
}

export interface ServerSentEvent {
  readonly name?: string;
  /** An object goes out as JSON. */
  readonly data: object | string;
}

/** Events of the APIs that name each one by its type. */
export function named<Event extends { readonly type: string }>(events: readonly Event[]): readonly ServerSentEvent[] {
  return events.map((event) => ({ name: event.type, data: event }));
}

/** One model API: where it is served, how its requests are read and its answers written. */
export interface Dialect {
  readonly name: string;
  readonly path: RegExp;
  /** `url` is where it came to. */
  read(body: unknown, url: URL): Conversation;
  reply(answer: Answer, conversation: Conversation, newId: (prefix: string) => string): Reply;
}

export const content = v.union([
  v.string(),
  v.array(v.looseObject({ text: v.optional(v.string()), encrypted_content: v.optional(v.string()) })),
]);
/** A message of a conversation, as most APIs have it. */
export const message = v.looseObject({ role: v.optional(v.string()), content: v.nullish(content, '') });

export function textOf(value: v.InferOutput<typeof content>): string {
  return typeof value === 'string' ? value : value.map((part) => part.text ?? part.encrypted_content ?? '').join('\n');
}
