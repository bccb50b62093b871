import { root } from './paths.ts';
import { execute } from './processes.ts';

/** Makes dist/: the same as `npm run build`. */
export async function build(): Promise<void> {
  await execute(process.execPath, ['esbuild.mjs'], { cwd: root });
}
