import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { makeVsix } from './vsix.ts';

// npm run package [-- --marketplace]: builds and makes the VSIX, beside package.json.
runScript(async (lifetime) => {
  const { values } = parseArgs({ options: { marketplace: { type: 'boolean', default: false } } });
  await build();
  const vsix = await makeVsix(lifetime, { out: root, marketplace: values.marketplace });
  process.stdout.write(`${path.relative(process.cwd(), vsix)}\n`);
});
