import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../support/project.ts';
import type { HostAnswer, HostCall } from './pluginHost.ts';
import type { RecordedEvent } from './recording.ts';

/** Tells our hooks what an assistant told its own, the way that assistant does. */
export interface Teller {
  tell(event: RecordedEvent): Promise<void>;
  /** What our hooks have added to the environment of the assistant's shell. */
  readonly shell: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

/** For assistants that start a command: the payload is on its standard input. */
export function commandTeller(assistant: string, project: Project): Teller {
  return {
    async tell({ name, stdin, env }) {
      const hook = await project.countersign(['hook', assistant], { env, input: JSON.stringify(stdin) });
      assert.deepEqual(hook, { code: 0, stdout: '', stderr: '', timedOut: false }, name);
    },
    shell: {},
    end: () => Promise.resolve(),
  };
}

/** For assistants that load a plugin of ours: it runs, as installed, in a process of its own, for it keeps things in mind. */
export async function pluginTeller(assistant: string, project: Project): Promise<Teller> {
  const folder = path.join(project.home, '.config', assistant, 'plugins');
  const [plugin, ...others] = await readdir(folder);
  assert.ok(plugin !== undefined && others.length === 0, 'one plugin is installed');
  const host = fork(path.join(__dirname, 'pluginHost.ts'), [path.join(folder, plugin), project.dir], {
    cwd: path.join(__dirname, '../../..'),
    env: project.env,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(host, 'exit');
  const answers = on(host, 'message', { close: ['exit'] });
  const shell: Record<string, string> = {};
  return {
    async tell({ name, stdin }) {
      const call: HostCall = { hook: String(stdin?.['hook']), input: stdin?.['input'], output: stdin?.['output'] };
      host.send(call);
      const { value, done } = await answers.next();
      assert.ok(!done, `the plugin's process ended at ${name}`);
      const [answer]: HostAnswer[] = value;
      assert.equal(answer?.error, undefined, name);
      Object.assign(shell, answer?.env);
    },
    shell,
    async end() {
      if (host.connected) host.disconnect();
      await ended;
    },
  };
}
