import * as v from 'valibot';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import { editKinds } from '../core/author.ts';
import { type Assistant, absolutePath, PayloadError } from './assistant.ts';
import { isModel } from './transcript.ts';

const events = [
  'session-start',
  'session-end',
  'before-edit',
  'after-edit',
  'before-command',
  'after-command',
  'human-edit',
] as const;

/** The reporter for any tool without an adapter (DESIGN 5.5). `kind` is `agent_action` where it is not given. */
const Payload = v.object({
  version: v.literal(1),
  event: v.picklist(events),
  cwd: v.string(),
  tool: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
  model: v.optional(v.string()),
  session: v.optional(v.string()),
  kind: v.optional(v.picklist(editKinds), 'agent_action'),
  files: v.optional(v.array(v.string())),
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
        return { event: payload.event, actor: actorOf(payload), cwd: payload.cwd };
      case 'human-edit':
        return { event: 'human-edit', files: required(files, payload.event) };
      case 'before-edit':
        return { event: 'before-edit', actor: actorOf(payload), edits: edits(files, payload.event) };
      case 'after-edit':
        return { event: 'after-edit', actor: actorOf(payload), edits: edits(files, payload.event) };
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

function actorOf({ tool, model, session, kind, event }: Payload): Actor {
  if (tool === undefined) throw new PayloadError(`tool: missing in ${event}; not recorded`);
  return { tool, ...(isModel(model) && { model }), session: session ?? '', kind };
}

function required(files: readonly string[] | undefined, event: string): readonly string[] {
  if (!files) throw new PayloadError(`files: missing in ${event}; not recorded`);
  return files;
}

function edits(files: readonly string[] | undefined, event: string): readonly FileEdit[] {
  return required(files, event).map((file) => ({ file }));
}
