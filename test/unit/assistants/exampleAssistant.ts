import path from 'node:path';
import * as v from 'valibot';
import { type Assistant, commandFor, PayloadError } from '../../../src/agents/assistant.ts';
import { editOfInput } from '../../../src/agents/editInput.ts';
import { placeOf } from '../../../src/agents/hookPayload.ts';
import { refusalOf } from '../../../src/agents/refusal.ts';
import { eventOf, type ToolHook } from '../../../src/agents/toolHook.ts';
import { isModel } from '../../../src/agents/transcript.ts';

const Text = v.optional(v.string());

/** The fields that are used; others may come. */
const Payload = v.object({
  event: v.string(),
  conversation: v.string(),
  folder: v.string(),
  tool: Text,
  call: Text,
  model: Text,
  input: v.optional(v.unknown()),
  exitCode: v.optional(v.number()),
  error: Text,
  order: Text,
});

const moments: Readonly<Record<string, ToolHook['when']>> = {
  toolStarts: 'before',
  toolEnds: 'after',
  order: 'prompt',
  idle: 'turn-end',
};

const ShellInput = v.object({ command: v.string() });

/** Acme's assistant. */
export const acme: Assistant = {
  id: 'acme',
  title: 'Acme',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success) {
      throw new PayloadError(`Acme's payload has no usable ${placeOf(result.issues)}: not recorded`);
    }
    const { event, conversation, folder, tool, call, model, input, exitCode, error, order } = result.output;
    const hook: ToolHook = {
      when: moments[event] ?? 'other',
      actor: {
        tool: 'acme',
        ...(isModel(model) && { model }),
        session: conversation,
        kind: 'agent_action',
        ...(call !== undefined && { call }),
      },
      cwd: folder,
      ...(tool !== undefined && { tool }),
      ...(order !== undefined && { prompt: order }),
    };
    return eventOf(hook, {
      edit: ['write', 'replace'],
      edits: () => {
        const edit = editOfInput(input, folder);
        if (!edit) throw new PayloadError(`Acme's ${tool} payload names no file: not recorded`);
        return [edit];
      },
      failed: () => error !== undefined,
      command: ['shell'],
      commandFacts: () => {
        const shell = v.safeParse(ShellInput, input);
        return {
          ...(shell.success && { command: shell.output.command }),
          ...(exitCode !== undefined && { exitCode }),
        };
      },
    });
  },
  committer: (environment) => {
    const session = environment['ACME_CONVERSATION'];
    return session ? { session } : undefined;
  },
  answer: (verdict) => ({ refuses: true, stderr: refusalOf(verdict) }),
  hooks: {
    form: 'json',
    refusalCode: 2,
    folder: (home) => path.join(home, '.acme'),
    file: (home) => path.join(home, '.acme', 'hooks.json'),
    items: (command) =>
      Object.keys(moments).map((event) => ({ list: [event], item: { run: commandFor(command, 'powershell') } })),
  },
};
