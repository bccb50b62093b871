import * as v from 'valibot';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import { editKinds } from '../core/author.ts';
import { type Assistant, absolutePath, PayloadError } from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { isModel } from './transcript.ts';

const events = [
  'session-start',
  'session-end',
  'before-edit',
  'after-edit',
  'before-command',
  'after-command',
  'prompt',
  'turn-end',
  'human-edit',
] as const;

/** The reporter for any tool without an adapter (DESIGN 5.5). `kind` is `agent_action` where it is not given. */
const Payload = v.object({
  version: v.literal(1),
  event: v.picklist(events),
  cwd: v.string(),
  tool: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
  model: v.optional(v.string()),
  toolVersion: v.optional(v.string()),
  session: v.optional(v.string()),
  call: v.optional(v.string()),
  kind: v.optional(v.picklist(editKinds), 'agent_action'),
  files: v.optional(v.array(v.string())),
  edits: v.optional(v.array(v.unknown())),
  failed: v.optional(v.boolean()),
  prompt: v.optional(v.string()),
  command: v.optional(v.string()),
  exitCode: v.optional(v.number()),
});
type Payload = v.InferOutput<typeof Payload>;

export const generic: Assistant = {
  id: 'generic',
  title: 'any other tool',
  normalise(value): AssistantEvent {
    const result = v.safeParse(Payload, value);
    if (!result.success) {
      const [issue] = result.issues;
      const where = v.getDotPath(issue) ?? 'the payload';
      throw new PayloadError(`${where}: ${issue.message}; not recorded (docs/generic-reporter.md has the format)`);
    }
    const payload = result.output;
    const files = payload.files?.map((file) => absolutePath(file, payload.cwd));
    switch (payload.event) {
      case 'session-start':
      case 'session-end':
      case 'turn-end':
        return { event: payload.event, actor: actorOf(payload), cwd: payload.cwd };
      case 'human-edit':
        return { event: 'human-edit', files: required(files, payload.event) };
      case 'prompt':
        if (!payload.prompt) throw new PayloadError('prompt: missing in prompt; not recorded');
        return { event: 'prompt', actor: actorOf(payload), cwd: payload.cwd, text: payload.prompt };
      case 'before-edit':
        return { event: 'before-edit', actor: actorOf(payload), edits: editsOf(payload, files) };
      case 'after-edit': {
        const edits = editsOf(payload, files);
        return { event: 'after-edit', actor: actorOf(payload), edits, ...(payload.failed && { failed: true }) };
      }
      case 'before-command':
      case 'after-command': {
        const { event, command, exitCode } = payload;
        const shared = { actor: actorOf(payload), cwd: payload.cwd, ...(files && { files }) };
        const said = command === undefined ? {} : { command };
        if (event === 'before-command') return { event, ...shared, ...said };
        return { event, ...shared, ...said, ...(exitCode !== undefined && { exitCode }) };
      }
    }
  },
};

function actorOf({ tool, toolVersion, model, session, call, kind, event }: Payload): Actor {
  if (tool === undefined) throw new PayloadError(`tool: missing in ${event}; not recorded`);
  return {
    tool,
    ...(toolVersion && { version: toolVersion }),
    ...(isModel(model) && { model }),
    session: session ?? '',
    kind,
    ...(call && { call }),
  };
}

function required(files: readonly string[] | undefined, event: string): readonly string[] {
  if (!files) throw new PayloadError(`files: missing in ${event}; not recorded`);
  return files;
}

/** `edits` say what is written into each file; `files` only name them. */
function editsOf({ edits, cwd, event }: Payload, files: readonly string[] | undefined): readonly FileEdit[] {
  if (edits === undefined) return required(files, event).map((file) => ({ file }));
  return edits.map((input, i) => {
    const edit = editOfInput(input, cwd);
    if (!edit) throw new PayloadError(`edits.${i}: it names no file by path; not recorded`);
    return edit;
  });
}
