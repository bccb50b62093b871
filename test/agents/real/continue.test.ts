import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { attributionOfHead, trailersOfHead } from '../lab/attribution.ts';
import { programs } from '../lab/programs.ts';
import { describeReal } from '../lab/realProgram.ts';
import { runAssistant } from '../lab/runAssistant.ts';
import { prompt, readStep, typeByHand } from '../lab/session.ts';

describeReal(['continue'], (installed) => {
  it('loads our hooks and fires none: its lines are unknown, and a person keeps theirs', async () => {
    const program = programs.continue;
    const project = await installed();
    const settings = await readFile(path.join(project.home, '.continue/settings.json'), 'utf8');
    assert.match(settings, /"PreToolUse"/, 'our hooks are where it documents them');
    const tools = program.tools(project.dir);
    const signature = 'Co-Authored-By: Continue <noreply@continue.dev>';
    await runAssistant(program, project, prompt, [
      ...readStep(tools, 'src/names.ts'),
      { calls: [tools.create('src/new.ts', 'export const made = true;\n')] },
      {
        calls: [
          tools.edit({ file: 'src/names.ts', before: "export const last = 'z';", after: "export const last = 'y';" }),
        ],
      },
      { calls: [tools.shell("echo 'export const verbose = true;' >> src/config.ts; exit 3")] },
      {
        before: () => typeByHand(project, 'src/util.ts', (text) => `${text}export const typed = true;\n`),
        calls: [tools.shell(`git add --all && git commit --quiet -m 'Add a file' -m '${signature}'`)],
      },
      { text: 'All done.' },
    ]);
    const { lines, spans } = await attributionOfHead(project);
    assert.deepEqual(lines, {
      'src/config.ts': [
        '.       export const retries = 1;',
        '.       export const timeout = 1000;',
        'unknown export const verbose = true;',
      ],
      'src/names.ts': [".       export const first = 'a';", "unknown export const last = 'y';"],
      'src/new.ts': ['unknown export const made = true;'],
      'src/util.ts': ['.       export const zero = 0;', 'human   export const typed = true;'],
    });
    assert.ok(spans.every(({ tool, model }) => tool === undefined && model === undefined));

    // What is left: the trailer that its prompt asks its model for, and its own file of the session.
    assert.equal((await trailersOfHead(project))[0], signature);
    const sessions = path.join(project.home, '.continue/sessions');
    const texts = await Promise.all(
      (await readdir(sessions)).map((file) => readFile(path.join(sessions, file), 'utf8')),
    );
    assert.ok(texts.some((text) => text.includes(`"model": "${program.model}"`)));
  });
});
