import path from 'node:path';
import * as v from 'valibot';
import type { Actor, FileEdit } from '../core/assistantEvent.ts';
import { editsOfPatch } from './applyPatch.ts';
import { type Assistant, absolutePath, type Environment, PayloadError } from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { placeOf } from './hookPayload.ts';
import { callVariable, openCodePlugin, sessionVariable } from './openCodePlugin.ts';
import { refusalOf } from './refusal.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
import { isModel } from './transcript.ts';

const Text = v.optional(v.string());

/** What our plugin sends: the arguments that the program gives to a plugin's hook, and what the plugin remembers. */
const Payload = v.object({
  hook: v.string(),
  directory: v.string(),
  version: Text,
  model: Text,
  /** The session that started the sub-agent whose session this is. */
  parent: Text,
  input: v.object({
    sessionID: Text,
    callID: Text,
    tool: Text,
    args: v.optional(v.unknown()),
    event: v.optional(v.object({ type: v.string(), properties: v.object({ sessionID: Text }) })),
  }),
  output: v.optional(
    v.object({
      args: v.optional(v.unknown()),
      metadata: v.optional(v.object({ exit: v.nullish(v.number()) })),
      parts: v.optional(v.array(v.object({ type: v.string(), text: Text }))),
    }),
  ),
});
type Payload = v.InferOutput<typeof Payload>;

const PatchArguments = v.object({ patchText: v.string() });
const CommandArguments = v.object({ command: v.string(), workdir: Text });

const moments: Readonly<Record<string, ToolHook['when']>> = {
  'tool.execute.before': 'before',
  'tool.execute.after': 'after',
  'chat.message': 'prompt',
  'session.created': 'session-start',
  'session.idle': 'turn-end',
};

const editTools = ['write', 'edit', 'multiedit', 'patch', 'apply_patch'];
const shellTools = ['bash', 'background_process'];

/** OpenCode, and a program descended from it: the same plugin interface, in a folder of its own. */
export function openCodeFamily(id: string, title: string, folder: Folder): Assistant {
  return {
    id,
    title,
    normalise(value) {
      const result = v.safeParse(Payload, value);
      if (!result.success) {
        throw new PayloadError(
          `the payload of ${title}'s plugin has no usable ${placeOf(result.issues)}: not recorded`,
        );
      }
      const { hook, directory, input, output } = result.output;
      const args = hook === 'tool.execute.before' ? output?.args : input.args;
      const command = v.safeParse(CommandArguments, args);
      const text = output?.parts?.flatMap((part) => (part.type === 'text' ? (part.text ?? []) : [])).join('\n');
      const told: ToolHook = {
        when: moments[input.event?.type ?? hook] ?? 'other',
        actor: actorOf(id, result.output),
        cwd: absolutePath((command.success && command.output.workdir) || directory, directory),
        ...(input.tool !== undefined && { tool: input.tool }),
        ...(text !== undefined && { prompt: text }),
      };
      return eventOf(told, {
        edit: editTools,
        edits: () => editsOf(args, directory, title),
        command: command.success ? shellTools : [],
        commandFacts: () => ({
          ...(command.success && { command: command.output.command }),
          ...(typeof output?.metadata?.exit === 'number' && { exitCode: output.metadata.exit }),
        }),
      });
    },
    committer: (environment) => {
      const told = environment[sessionVariable];
      if (!told?.startsWith(`${id}:`)) return undefined;
      const call = environment[callVariable];
      return { session: told.slice(id.length + 1), ...(call && { call }) };
    },
    answer: (verdict) => ({ stdout: JSON.stringify({ deny: refusalOf(verdict) }) }),
    hooks: {
      form: 'files',
      folder,
      files: (home, environment, command) => [
        {
          file: path.join(folder(home, environment), 'plugins', 'countersign.js'),
          text: openCodePlugin(id, title, [...editTools, ...shellTools], command),
        },
      ],
    },
  };
}

type Folder = (home: string, environment: Environment) => string;

/** `~/.config/<name>`, or where the person keeps such settings. */
export function configFolder(name: string): Folder {
  return (home, environment) => path.join(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), name);
}

/** A sub-agent has a session of its own, which is told behind its parent's: a commit knows only the parent's. */
function actorOf(id: string, { version, model, parent, input }: Payload): Actor {
  const session = input.sessionID ?? input.event?.properties.sessionID ?? '';
  return {
    tool: id,
    ...(version !== undefined && { version }),
    ...(isModel(model) && { model }),
    session: parent === undefined ? session : `${parent}/${session}`,
    kind: 'agent_action',
    ...(input.callID !== undefined && { call: input.callID }),
  };
}

function editsOf(args: unknown, directory: string, title: string): readonly FileEdit[] {
  const patch = v.safeParse(PatchArguments, args);
  if (patch.success) return editsOfPatch(patch.output.patchText, directory);
  const edit = editOfInput(args, directory);
  if (!edit) throw new PayloadError(`the payload of ${title}'s plugin names no file: not recorded`);
  return [edit];
}
