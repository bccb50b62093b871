import assert from 'node:assert/strict';
import { editsOfShellPatch } from '../../src/agents/applyPatch.ts';

const patch = '*** Begin Patch\n*** Add File: a.ts\n+one;\n*** End Patch';
const edit = (file: string) => [{ file, written: { form: 'content', text: 'one;\n' } }];

const commands: readonly [command: string, edits: unknown][] = [
  [`apply_patch <<'EOF'\n${patch}\nEOF\n`, edit('/project/a.ts')],
  [`apply_patch << PATCH\n${patch}\nPATCH`, edit('/project/a.ts')],
  [`cd src && apply_patch <<"EOF"\n${patch}\nEOF`, edit('/project/src/a.ts')],
  [`cd '/other' && apply_patch <<EOF\n${patch}\nEOF`, edit('/other/a.ts')],
  [`apply_patch <<EOF\n${patch}\nEOF\nrm -r build`, undefined],
  [`npm test && apply_patch <<EOF\n${patch}\nEOF`, undefined],
  ['apply_patch', undefined],
  ['grep apply_patch README.md', undefined],
];

describe('a patch that is given to the shell', () => {
  for (const [command, edits] of commands) {
    it(JSON.stringify(command), () => assert.deepEqual(editsOfShellPatch(command, '/project'), edits));
  }
});
