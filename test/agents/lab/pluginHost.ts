import { pathToFileURL } from 'node:url';

/**
 * Stands for an assistant that loads plugins: `pluginHost.ts PLUGIN DIRECTORY`, calls as messages from the parent process.
 */
export interface HostCall {
  readonly hook: string;
  readonly input: unknown;
  readonly output: unknown;
}

export interface HostAnswer {
  /** What the plugin has put into the environment that it was given. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the plugin has thrown. */
  readonly error?: string;
}

type Hooks = Readonly<Record<string, ((input: unknown, output: unknown) => Promise<void>) | undefined>>;

async function main(file: string, directory: string): Promise<void> {
  const plugins: Readonly<Record<string, (context: object) => Promise<Hooks>>> = await import(pathToFileURL(file).href);
  const hooks = await Promise.all(Object.values(plugins).map((plugin) => plugin({ directory, worktree: directory })));

  async function answer({ hook, input, output }: HostCall): Promise<HostAnswer> {
    try {
      for (const all of hooks) await all[hook]?.(input, output);
    } catch (error) {
      return { error: String(error) };
    }
    return hasEnv(output) ? { env: output.env } : {};
  }

  process.on('message', (call: HostCall) => {
    answer(call).then((said) => process.send?.(said));
  });
}

function hasEnv(output: unknown): output is { env: Record<string, string> } {
  return typeof output === 'object' && output !== null && 'env' in output;
}

const [, , file = '', directory = ''] = process.argv;
main(file, directory);
