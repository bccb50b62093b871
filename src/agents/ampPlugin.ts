import type { HookCommand } from './assistant.ts';
import { pluginLauncher } from './pluginLauncher.ts';

/** The plugin that Amp runs in a process of its own. Amp itself tells which files a call writes, and what it runs. */
export function ampPlugin(command: HookCommand): string {
  return `${pluginLauncher('Amp', command)}
export default function (amp) {
  const pathOf = (uri) => amp.helpers.filePathFromURI(uri);
  const folder = () => (amp.system.workspaceRoot ? pathOf(amp.system.workspaceRoot) : process.cwd());

  /** Nothing of a call that only reads. */
  const facts = (event) => {
    const shell = amp.helpers.shellCommandFromToolCall(event);
    const files = (amp.helpers.filesModifiedByToolCall(event) ?? []).map(pathOf);
    if (!shell && files.length === 0) return undefined;
    const { thread, toolUseID, input, status } = event;
    const cwd = shell?.dir ?? folder();
    return { cwd, thread: thread?.id, call: toolUseID, input, status, files, command: shell?.command };
  };

  const beforeCall = guarded(async (event, ctx) => {
    const told = facts(event);
    const { deny, ask } = told ? await tell({ event: 'tool.call', ...told }) : {};
    if (deny) return deny;
    if (!ask) return undefined;
    const question = { title: 'Countersign', message: ask, confirmButtonText: 'Run it' };
    // Where nobody can be asked nobody has agreed.
    return (await ctx.ui.confirm(question).catch(() => false)) ? undefined : ask;
  });
  amp.on('tool.call', async (event, ctx) => {
    const reason = await beforeCall(event, ctx);
    return reason ? { action: 'reject-and-continue', message: reason } : { action: 'allow' };
  });
  amp.on('tool.result', guarded(async (event) => {
    const told = facts(event);
    if (told) await tell({ event: 'tool.result', ...told });
  }));
  amp.on('agent.start', guarded(async ({ thread, message }) => {
    await tell({ event: 'agent.start', cwd: folder(), thread: thread?.id, message });
  }));
  amp.on('agent.end', guarded(async ({ thread }) => {
    await tell({ event: 'agent.end', cwd: folder(), thread: thread?.id });
  }));
}
`;
}
