import assert from 'node:assert/strict';
import { Project } from '../support/project.ts';
import { classes, report } from '../support/reports.ts';

describe('a command that changes a file and commits it', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  /** As Cline tells it before it runs a command; git's hooks below it see that it is Cline, and no more. */
  async function clineRuns(session: string, call: string): Promise<void> {
    const command = { name: 'run_commands', input: { commands: ['echo b >> a.txt && git commit -qam b'] } };
    await report(
      project,
      {
        taskId: 't',
        hookName: 'tool_call',
        workspaceRoots: [project.dir],
        sessionContext: { rootSessionId: session },
        tool_call: { id: call, ...command },
        preToolUse: { toolName: command.name, parameters: {} },
      },
      'cline',
    );
  }

  async function commits(env: NodeJS.ProcessEnv): Promise<string[]> {
    await project.change('a.txt', (text) => `${text}b\n`);
    await project.gitWith({ env }, 'commit', '--quiet', '--all', '--message=b');
    return classes(await project.countersignOutput('show', 'HEAD', '--json'));
  }

  it('is known by the assistant alone, where its shell tells no session', async () => {
    await clineRuns('s-1', 'c-1');
    assert.deepEqual(await commits({ CLINE_WRAPPER_PATH: '/usr/bin/cline' }), ['a.txt:2 ai']);
  });

  it('is not taken for it where a person commits meanwhile, elsewhere', async () => {
    await clineRuns('s-1', 'c-1');
    assert.deepEqual(await commits({}), ['a.txt:2 unknown']);
  });
});
