import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../support/project.ts';
import { checkCommit } from '../lab/checkCommit.ts';
import { programs } from '../lab/programs.ts';
import { describeProgram, describeReal } from '../lab/realProgram.ts';
import { runAssistant } from '../lab/runAssistant.ts';
import { expectedCommit, intrude, prompt, session } from '../lab/session.ts';

describeProgram('copilot');
describeProgram('copilot-gpt');

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
      { before: () => intrude(project), calls: [tools.shell(commit)] },
      { text: 'All done.' },
    ]);
    const expected = expectedCommit(program);
    await checkCommit(project, { ...expected, unchanged: ['.claude/settings.json', ...expected.unchanged] });
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
