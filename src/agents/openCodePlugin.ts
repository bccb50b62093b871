import type { HookCommand } from './assistant.ts';
import { pluginLauncher } from './pluginLauncher.ts';

/** The variables that tell a git hook below an assistant's shell whose it is: `opencode:<session>`, and the call. */
export const sessionVariable = 'COUNTERSIGN_SESSION';
export const callVariable = 'COUNTERSIGN_CALL';

/**
 * The plugin that OpenCode, or a program descended from it, runs inside of itself (Bun or Node). It hands on what
 * concerns files, with what the single event does not say: the session's model and parent, and the program's version.
 */
export function openCodePlugin(id: string, title: string, tools: readonly string[], command: HookCommand): string {
  return `${pluginLauncher(title, command)}
const tools = new Set(${JSON.stringify(tools)});

export const Countersign = async ({ directory }) => {
  const models = new Map();
  const parents = new Map();
  const running = new Set();
  let version;

  const root = (session) => (parents.has(session) ? root(parents.get(session)) : session);
  const report = (hook, session, input, output) => {
    const parent = parents.has(session) ? root(session) : undefined;
    return tell({ hook, directory, version, model: models.get(session), parent, input, output });
  };

  const hooks = {
    event: async ({ event: { type, properties } }) => {
      if (type !== 'session.created' && type !== 'session.idle') return;
      if (properties.info) {
        if (properties.info.parentID) parents.set(properties.info.id, properties.info.parentID);
        version = properties.info.version;
      }
      const session = properties.sessionID ?? properties.info?.id;
      await report('event', session, { event: { type, properties: { sessionID: session } } });
    },
    'chat.message': async ({ sessionID, model }, { message, parts }) => {
      const used = model ?? message?.model;
      if (used) models.set(sessionID, used.modelID);
      // What the program adds to a person's order is no part of it.
      const text = parts.filter((part) => part.type === 'text' && !part.synthetic);
      await report('chat.message', sessionID, { sessionID }, { parts: text.map(({ text }) => ({ type: 'text', text })) });
    },
    'tool.execute.before': async ({ tool, sessionID, callID }, { args }) => {
      if (!tools.has(tool)) return;
      running.add(callID);
      const input = { tool, sessionID, callID };
      const { deny } = await report('tool.execute.before', sessionID, input, { args });
      if (deny) throw new Refusal(deny);
    },
    'tool.execute.after': async ({ tool, sessionID, callID, args }, { metadata }) => {
      if (!tools.has(tool)) return;
      running.delete(callID);
      const output = { metadata: { exit: metadata?.exit } };
      await report('tool.execute.after', sessionID, { tool, sessionID, callID, args }, output);
    },
    'shell.env': async ({ sessionID, callID }, { env }) => {
      // A person's own command runs in such a shell, too, without the assistant's having called a tool.
      if (!running.has(callID)) return;
      env.${sessionVariable} = ${JSON.stringify(`${id}:`)} + root(sessionID);
      env.${callVariable} = callID;
    },
  };
  return Object.fromEntries(Object.entries(hooks).map(([name, handler]) => [name, guarded(handler)]));
};
`;
}
