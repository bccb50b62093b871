import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';
import { checkCommit, type ExpectedCommit } from './lab/checkCommit.ts';
import { headline, type ProgramName, programs } from './lab/programs.ts';
import { fixture, recordedEvents, recordedTranscript } from './lab/recording.ts';
import { selectedPrograms } from './selection.ts';

const math = [
  '.       export function add(a: number, b: number) {',
  '.         return a + b;',
  '.       }',
  '.       ',
  '.       export function sub(a: number, b: number) {',
  // Written by one edit, and the second line again by another that overlaps it. The edit that did not apply left nothing.
  'ai        const result = a - b;',
  'ai        return Object.is(result, -0) ? 0 : result;',
  '.       }',
  '.       ',
  '.       export function mul(a: number, b: number) {',
  '.         return a * b;',
  '.       }',
];

const config = [
  'ai      export const retries = 3;', // the first command
  '.       export const timeout = 1000;',
  'ai      export const verbose = true;', // the command that failed after it had written
  // A command in the background, which wrote when its own window was closed or left open, within that of the next
  // command. Both are of one session, so the tool and the model are right, whichever of the two is made out to be it.
  'ai      export const late = true;',
];

// Nobody reported it, and no command of the assistant was at work.
const readme = ['.       # Sample', 'unknown Unreported.'];

const note = ["ai      export const note = 'from the sub-agent';"];

/** The commit each recorded session ended in: each line behind the class it deserves, a dot where it is not new. */
const expected: Readonly<Partial<Record<ProgramName, ExpectedCommit['lines']>>> = {
  claude: {
    'README.md': readme,
    'src/config.ts': config,
    'src/greet.ts': [
      'ai      export function greet(name: string) {',
      `ai        return \`Hello, \${name}!\`;`,
      'ai      }',
    ],
    'src/math.ts': math,
    'src/note.ts': note,
    'src/util.ts': ['ai      export const clamp = (n: number) => Math.max(0, Math.min(1, n));'],
  },
  codex: {
    'README.md': readme,
    'src/config.ts': config,
    // A patch given to the shell, which Codex carries out itself: a before-hook that tells it, and no after-hook.
    'src/extra.ts': ['ai      export {};'],
    'src/greet.ts': [
      'ai      export function greet(name: string) {',
      `ai        return \`Good day, \${name}!\`;`,
      'ai      }',
    ],
    'src/math.ts': math,
    'src/note.ts': note,
    'src/util.ts': ['ai      export const clamp = (n: number, max = 1) => Math.max(0, Math.min(max, n));'],
  },
};

/**
 * What the programs told their hooks, told again to ours: without the programs, and event by event, so that what goes
 * wrong in a run of the program itself can be looked into at leisure.
 */
for (const name of selectedPrograms()) {
  const lines = expected[name];
  if (!lines) continue;
  const program = programs[name];
  const { assistant } = program;

  describe(`${headline(program)}, a recorded session`, function () {
    this.timeout(120_000);
    let project: Project;

    beforeEach(async () => {
      project = await Project.create(await fixture());
      await project.countersignOutput('install', '--git', '--agents', assistant);
    });

    afterEach(() => project.dispose());

    it('gives every line to whoever wrote it', async () => {
      await replay(name, assistant, project);
      await checkCommit(project, {
        program,
        subject: 'Add a greeting',
        lines,
        unchanged: [],
        trailers: [],
        secrets: ['tidy the project', 'Object.is', 'sub-agent', '00000001-0000'],
      });
    });
  });
}

/**
 * Brings the project into the state in which each hook found it, and tells ours what it was told. One line is not from
 * the recording: somebody else adds it to the README between two of the assistant's calls.
 */
async function replay(name: ProgramName, assistant: string, project: Project): Promise<void> {
  const events = await recordedEvents(name, project);
  const transcript = events.flatMap(({ stdin }) => stdin?.transcript_path ?? [])[0];
  assert.ok(transcript !== undefined, 'a payload names the transcript');
  await mkdir(path.dirname(transcript), { recursive: true });
  await writeFile(transcript, await recordedTranscript(name, project));
  for (const { name: file, event, stdin, env, files } of events) {
    await project.write(files);
    if (event === 'SubagentStart') await project.change('README.md', (text) => `${text}Unreported.\n`);
    if (stdin) {
      const hook = await project.countersign(['hook', assistant], { env, input: JSON.stringify(stdin) });
      assert.deepEqual(hook, { code: 0, stdout: '', stderr: '', timedOut: false }, file);
    } else if (event === 'git.post-commit') {
      // Our own hooks run below this one, where the recorder's ran.
      await project.git('add', '--all');
      await project.gitWith({ env }, 'commit', '--quiet', '--message=Add a greeting');
    }
  }
}
