import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Project } from '../../support/project.ts';
import { checkCommit } from '../lab/checkCommit.ts';
import { programs } from '../lab/programs.ts';
import { describeProgram, describeReal } from '../lab/realProgram.ts';
import { runAssistant } from '../lab/runAssistant.ts';
import { expectedCommit, intrude, prompt, session } from '../lab/session.ts';

describeProgram('copilot');
describeProgram('copilot-gpt');

/** What its commands did, beside the lines. */
const Shown = v.object({
  actions: v.array(v.object({ class: v.string(), count: v.number(), tools: v.array(v.string()) })),
});

describeReal(['copilot'], (installed) => {
  const program = programs.copilot;

  /** Has the project set the hooks that Claude Code's installation sets for the person. */
  async function setInProject(project: Project): Promise<void> {
    await project.countersignOutput('install', '--agents', 'claude');
    const settings = await readFile(path.join(project.home, '.claude/settings.json'), 'utf8');
    await project.write({ '.claude/settings.json': settings });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--amend', '--no-edit', '--no-verify');
  }

  async function workAndCheck(project: Project): Promise<void> {
    const tools = program.tools(project.dir);
    const commit = "git add --all && git commit --quiet -m 'Add a greeting'";
    await runAssistant(program, project, prompt, [
      ...session(project, tools),
      { calls: [tools.shell('false && terraform destroy -auto-approve || true')] },
      { before: () => intrude(project), calls: [tools.shell(commit)] },
      { text: 'All done.' },
    ]);
    const expected = expectedCommit(program);
    await checkCommit(project, { ...expected, unchanged: ['.claude/settings.json', ...expected.unchanged] });
    const { actions } = v.parse(Shown, JSON.parse(await project.countersignOutput('show', 'HEAD', '--json')));
    assert.deepEqual(actions, [{ class: 'destructive', count: 1, tools: ['copilot'] }]);
  }

  it("runs a project's hooks for Claude Code, too: what it tells through them is its own", async () => {
    const project = await installed();
    await setInProject(project);
    await project.countersignOutput('uninstall', '--agents', 'claude,copilot');
    await workAndCheck(project);
  });

  it('tells everything twice where its own hooks are set, too: it counts once', async () => {
    const project = await installed();
    await setInProject(project);
    await workAndCheck(project);
  });
});
