import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { ampPlugin } from './ampPlugin.ts';
import { editsOfPatch } from './applyPatch.ts';
import { type Assistant, absolutePath, type Environment, PayloadError } from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { placeOf } from './hookPayload.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
import { lastModelUnder } from './transcript.ts';

const Text = v.optional(v.string());

/** What our plugin sends. */
const Payload = v.object({
  event: v.string(),
  cwd: v.string(),
  thread: Text,
  call: Text,
  input: v.optional(v.unknown()),
  files: v.optional(v.array(v.string()), []),
  command: Text,
  status: Text,
  message: Text,
});
type Payload = v.InferOutput<typeof Payload>;

const PatchInput = v.object({ patchText: v.string() });

const moments: Readonly<Record<string, ToolHook['when']>> = {
  'tool.call': 'before',
  'tool.result': 'after',
  'agent.start': 'prompt',
  'agent.end': 'turn-end',
};

/** Amp, through a plugin. */
export const amp: Assistant = {
  id: 'amp',
  title: 'Amp',
  normalise(value, environment) {
    const result = v.safeParse(Payload, value);
    if (!result.success) {
      throw new PayloadError(`the payload of Amp's plugin has no usable ${placeOf(result.issues)}: not recorded`);
    }
    const payload = result.output;
    const { event, cwd, thread = '', call, files, command, message } = payload;
    const when = moments[event] ?? 'other';
    const model = when === 'after' ? modelOf(thread, environment) : undefined;
    const hook: ToolHook = {
      when,
      actor: {
        tool: 'amp',
        ...(model !== undefined && { model }),
        session: thread,
        kind: 'agent_action',
        ...(call !== undefined && { call }),
      },
      cwd,
      tool: command === undefined ? (files.length > 0 ? 'edit' : '') : 'command',
      ...(message !== undefined && { prompt: message }),
    };
    return eventOf(hook, {
      edit: ['edit'],
      edits: () => editsOf(payload),
      failed: () => payload.status !== 'done',
      command: ['command'],
      commandFacts: () => (command === undefined ? {} : { command }),
    });
  },
  answer: ({ decision, reason }) => ({ stdout: JSON.stringify({ [decision]: reason }) }),
  hooks: {
    form: 'files',
    folder: ampFolder,
    files: (home, environment, command) => [
      { file: path.join(ampFolder(home, environment), 'plugins', 'countersign.ts'), text: ampPlugin(command) },
    ],
    remark: 'Amp may have to be told to run plugins: PLUGINS=all amp.',
  },
};

function ampFolder(home: string, environment: Environment): string {
  return path.join(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'amp');
}

/** As the thread's own file has it, where Amp keeps one. */
function modelOf(thread: string, environment: Environment): string | undefined {
  if (!/^T-[\w-]+$/.test(thread)) return undefined;
  const data = environment['XDG_DATA_HOME'] || path.join(os.homedir(), '.local', 'share');
  return lastModelUnder(path.join(data, 'amp', 'threads', `${thread}.json`), ['model']);
}

/** Amp names the files; its input says what is written, where the tool is one of those that are known. */
function editsOf({ files, input, cwd }: Payload): readonly FileEdit[] {
  const patch = v.safeParse(PatchInput, input);
  if (patch.success) return editsOfPatch(patch.output.patchText, cwd);
  const named = files.map((file) => ({ file: absolutePath(file, cwd) }));
  const [only, ...more] = named;
  const written = only && more.length === 0 ? editOfInput(input, cwd)?.written : undefined;
  return only && written ? [{ ...only, written }] : named;
}
