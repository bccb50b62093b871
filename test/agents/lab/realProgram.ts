import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { launcherPath } from '../../../src/launcher.ts';
import { Project } from '../../support/project.ts';
import { selectedPrograms } from '../selection.ts';
import { checkCommit } from './checkCommit.ts';
import type { Program } from './program.ts';
import { headline, type ProgramName, programs } from './programs.ts';
import { fetchAssistant, runAssistant, unreachable } from './runAssistant.ts';
import { expectedCommit, intrude, prompt, readStep, session, start } from './session.ts';

const signature = 'Signed-off-by: Dev <dev@example.com>';

/** What is different about one program's commits. */
interface Peculiarities {
  /** The trailer by which the program names itself, in a paragraph of its own: git then takes no other for a trailer. */
  readonly ownTrailer?: string;
  /** It keeps git's hooks from its own commits. */
  readonly hooksOff?: true;
  /** A call that is denied ends its whole task. */
  readonly endsWhenDenied?: true;
}

/** The suite of one program: the same session for each, committed by itself and by a person. */
export function describeProgram(name: ProgramName, { ownTrailer, hooksOff, endsWhenDenied }: Peculiarities = {}): void {
  describeReal([name], (installed) => {
    const program: Program = programs[name];
    const expected = expectedCommit(program);

    it('commits its own work: every line is given to whoever wrote it', async () => {
      const project = await installed();
      const tools = program.tools(project.dir);
      await runAssistant(program, project, prompt, [
        ...session(project, tools),
        {
          before: () => intrude(project),
          calls: [tools.shell(`git add --all && git commit --quiet -m 'Add a greeting' -m '${signature}'`)],
        },
        { text: 'All done.' },
      ]);
      assert.match(await project.git('log', '-1', '--format=%B'), new RegExp(`^${signature}$`, 'm'));
      await checkCommit(project, {
        ...expected,
        trailers: [ownTrailer ?? signature],
        namesItself: ownTrailer !== undefined,
        ...(hooksOff && { named: 'note' as const }),
      });
    });

    if (program.variant !== undefined) return; // the edit tools are what differs: one commit shows them

    it('leaves the commit to a person: every line is given to whoever wrote it', async () => {
      const project = await installed();
      const steps = [...session(project, program.tools(project.dir)), { text: 'All done.' }];
      await runAssistant(program, project, prompt, steps);
      await intrude(project);
      await project.git('add', '--all');
      await project.git('commit', '--quiet', '-m', 'Add a greeting', '-m', signature);
      await checkCommit(project, { ...expected, trailers: [signature] });
    });

    it('does not run a command that a policy denies', async () => {
      const project = await installed();
      await project.write({ '.countersign.json': '{ "version": 1, "commands": { "destructive": "deny" } }\n' });
      const tools = program.tools(project.dir);
      await runAssistant(program, project, prompt, [
        { calls: [tools.shell('echo run > denied.txt; false && terraform destroy -auto-approve')] },
        ...(endsWhenDenied ? [] : [{ calls: [tools.shell('echo run > allowed.txt')] }, { text: 'All done.' }]),
      ]);
      const isRun = (name: string): boolean => existsSync(path.join(project.dir, `${name}.txt`));
      assert.deepEqual([isRun('denied'), isRun('allowed')], [false, !endsWhenDenied]);
    });

    it('goes on working where its hooks call what is gone', async () => {
      const project = await installed();
      await rm(path.dirname(launcherPath(project.home)), { recursive: true });
      const tools = program.tools(project.dir);
      await runAssistant(program, project, prompt, [
        ...readStep(tools, 'src/names.ts'),
        { calls: [tools.create('src/new.ts', 'export {};\n')] },
        { calls: [tools.edit({ file: 'src/names.ts', before: "export const last = 'z';", after: 'export {};' })] },
        { calls: [tools.shell("git add --all && git commit --quiet -m 'Work on'")] },
        { text: 'All done.' },
      ]);
      const shown = await project.git('show', '--format=%s', '--numstat', 'HEAD');
      assert.deepEqual(shown.split(/\n+/).slice(0, -1), ['Work on', '1\t1\tsrc/names.ts', '1\t0\tsrc/new.ts']);
    });
  });
}

/**
 * A suite that needs real programs: skipped where one of them is not selected, or where there is no registry to fetch it
 * from. `define` is given how to make a fresh project with our hooks in place.
 */
export function describeReal(names: readonly ProgramName[], define: (installed: () => Promise<Project>) => void): void {
  if (!names.every((name) => selectedPrograms().includes(name))) return;
  const all: readonly Program[] = names.map((name) => programs[name]);

  describe(`${all.map(headline).join(' and ')}, the program itself`, function () {
    this.timeout(300_000);
    let project: Project | undefined;

    before(async function () {
      this.timeout(900_000);
      for (const program of all) {
        try {
          await fetchAssistant(program);
        } catch (error) {
          const reason = unreachable(error);
          if (reason === undefined) throw error;
          process.stderr.write(`${headline(program)} is skipped: its package cannot be fetched (${reason}).\n`);
          this.skip();
        }
      }
    });

    afterEach(async () => {
      await project?.dispose();
      project = undefined;
    });

    define(async () => {
      project = await Project.create(start);
      const assistants = [...new Set(all.map(({ assistant }) => assistant))].join(',');
      await project.countersignOutput('install', '--git', '--agents', assistants);
      return project;
    });
  });
}
