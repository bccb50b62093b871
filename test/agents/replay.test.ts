import { Project } from '../support/project.ts';
import { checkCommit, type ExpectedCommit } from './lab/checkCommit.ts';
import type { Program } from './lab/program.ts';
import { headline, programs } from './lab/programs.ts';
import { fixture, placeTranscript, type RecordedEvent, recordedEvents } from './lab/recording.ts';
import { commandTeller, pluginTeller, type Teller } from './lab/teller.ts';
import { selectedPrograms } from './selection.ts';

/** What one recorded session had that not every one has. */
interface Recording {
  readonly program: Program;
  /** Where the program is one of several forms in which the same assistant tells things. */
  readonly form?: string;
  /** Its hooks are functions of a plugin. */
  readonly plugin?: true;
  /** It has a tool that patches several files, which was used at the end. */
  readonly patch?: true;
  /** A patch was given to the shell, and the assistant carried it out itself. */
  readonly shellPatch?: true;
  /**
   * The class of the line that a command in the background wrote: when its own window was closed or left open, within that
   * of the next command (`ai`: both are of one session, so the tool and the model are right, whichever of the two is made
   * out to be it), or when no call was under way (`unknown`).
   */
  readonly late?: 'ai' | 'unknown';
  /** It keeps git's hooks from its own commits. */
  readonly hooksOff?: true;
}

const recordings: Readonly<Record<string, Recording>> = {
  claude: { program: programs.claude, late: 'ai' },
  codex: { program: programs.codex, patch: true, shellPatch: true, late: 'ai' },
  'codex-code': { program: programs['codex-code'], patch: true, shellPatch: true, late: 'unknown' },
  gemini: { program: programs.gemini, late: 'ai', hooksOff: true },
  copilot: { program: programs.copilot, late: 'ai' },
  'copilot-gpt': { program: programs['copilot-gpt'], patch: true, late: 'ai' },
  'copilot-pascal': { program: programs.copilot, form: 'hooks with names in PascalCase', late: 'ai' },
  qwen: { program: programs.qwen, late: 'unknown' },
  cline: { program: programs.cline },
  'cline-gpt': { program: programs['cline-gpt'], patch: true },
  opencode: { program: programs.opencode, plugin: true },
  'opencode-gpt': { program: programs['opencode-gpt'], plugin: true, patch: true },
  kilo: { program: programs.kilo, plugin: true, late: 'ai' },
  'kilo-gpt': { program: programs['kilo-gpt'], plugin: true, patch: true, late: 'ai' },
};

/** The commit that a recorded session ended in: each line behind the class it deserves, a dot where it is not new. */
function linesOf({ patch, shellPatch, late }: Recording): ExpectedCommit['lines'] {
  const greeting = patch ? `\`Good day, \${name}!\`` : `\`Hello, \${name}!\``;
  const clamp = patch
    ? 'export const clamp = (n: number, max = 1) => Math.max(0, Math.min(max, n));'
    : 'export const clamp = (n: number) => Math.max(0, Math.min(1, n));';
  return {
    // Nobody reported it, and no command of the assistant was at work.
    'README.md': ['.       # Sample', 'unknown Unreported.'],
    'src/config.ts': [
      'ai      export const retries = 3;', // the first command
      '.       export const timeout = 1000;',
      'ai      export const verbose = true;', // the command that failed after it had written
      ...(late ? [`${late.padEnd(8)}export const late = true;`] : []),
    ],
    // A before-hook that tells it, and no after-hook.
    ...(shellPatch && { 'src/extra.ts': ['ai      export {};'] }),
    'src/greet.ts': ['ai      export function greet(name: string) {', `ai        return ${greeting};`, 'ai      }'],
    'src/math.ts': [
      '.       export function add(a: number, b: number) {',
      '.         return a + b;',
      '.       }',
      '.       ',
      '.       export function sub(a: number, b: number) {',
      // Written by one edit, and the second line again by another that overlaps it. The edit that did not apply left
      // nothing.
      'ai        const result = a - b;',
      'ai        return Object.is(result, -0) ? 0 : result;',
      '.       }',
      '.       ',
      '.       export function mul(a: number, b: number) {',
      '.         return a * b;',
      '.       }',
    ],
    'src/note.ts': ["ai      export const note = 'from the sub-agent';"],
    'src/util.ts': [`ai      ${clamp}`],
  };
}

/**
 * What the programs told their hooks, told again to ours: without the programs, and event by event, so that what goes
 * wrong in a run of the program itself can be looked into at leisure.
 */
for (const [name, recording] of Object.entries(recordings)) {
  const { program, form, plugin, hooksOff } = recording;
  if (!selectedPrograms().some((selected) => programs[selected] === program)) continue;

  describe(`${headline(program)}, a recorded session${form === undefined ? '' : `, ${form}`}`, function () {
    this.timeout(120_000);
    let project: Project;
    let teller: Teller | undefined;

    beforeEach(async () => {
      project = await Project.create(await fixture());
      await project.countersignOutput('install', '--git', '--agents', program.assistant);
    });

    afterEach(async () => {
      await teller?.end();
      await project.dispose();
    });

    it('gives every line to whoever wrote it', async () => {
      const events = await recordedEvents(name, project);
      await placeTranscript(name, events, project);
      teller = plugin ? await pluginTeller(program.assistant, project) : commandTeller(program.assistant, project);
      await replay(events, teller, project, hooksOff === true);
      await checkCommit(project, {
        program,
        subject: 'Add a greeting',
        lines: linesOf(recording),
        unchanged: [],
        trailers: [],
        ...(hooksOff && { named: 'note' as const }),
        secrets: ['tidy the project', 'Object.is', 'sub-agent', '00000001-0000'],
      });
    });
  });
}

/**
 * Brings the project into the state in which each hook found it, and tells ours what it was told. One line is not from
 * the recording: somebody else adds it to the README before the assistant calls its sub-agent.
 */
async function replay(
  events: readonly RecordedEvent[],
  teller: Teller,
  project: Project,
  hooksOff: boolean,
): Promise<void> {
  const delegates = events.find(({ stdin }) => JSON.stringify(stdin ?? '').includes('[subtask]'));
  for (const event of events) {
    await project.write(event.files);
    if (event === delegates) await project.change('README.md', (text) => `${text}Unreported.\n`);
    if (event.stdin) {
      await teller.tell(event);
      if (hooksOff && isCommit(event)) await commit(project, ['-c', 'core.hooksPath='], {});
    } else if (event.event === 'git.post-commit') {
      // Our own hooks run below this one, where the recorder's ran.
      await commit(project, [], { ...event.env, ...teller.shell });
    }
  }
}

async function commit(project: Project, options: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await project.git('add', '--all');
  await project.gitWith({ env }, ...options, 'commit', '--quiet', '--message=Add a greeting');
}

/** Whether the command that commits is about to run: nothing else tells, where git's hooks are switched off. */
function isCommit({ event, stdin }: RecordedEvent): boolean {
  return event.startsWith('Before') && JSON.stringify(stdin).includes('git commit');
}
