import { Project } from '../support/project.ts';
import {
  type AssistantName,
  assistants,
  fetchAssistant,
  runAssistant,
  type Tools,
  unreachable,
} from './lab/assistants.ts';
import { checkCommit } from './lab/checkCommit.ts';
import type { Step } from './lab/mockModel.ts';
import { selectedAssistants } from './selection.ts';

const prompt = 'Add a greeting and tidy the project.';

const start = {
  'README.md': '# Sample\n',
  'src/config.ts': 'export const retries = 1;\nexport const timeout = 1000;\n',
  'src/math.ts':
    'export function add(a: number, b: number) {\n  return a + b;\n}\n\nexport function sub(a: number, b: number) {\n  return a - b;\n}\n',
  'src/util.ts': 'export const zero = 0;\n',
};

/** The commit that the session below has to end in: each line behind the class it deserves, a dot where it is not new. */
const expected = {
  // The assistant's file tool, but for a line that somebody else put in between.
  'src/greet.ts': [
    'ai      export function greet(name: string) {',
    'unknown   console.log(name);',
    "ai        return 'Hello, ' + name;",
    'ai      }',
  ],
  'src/math.ts': [
    '.       export function add(a: number, b: number) {',
    '.         return a + b;',
    '.       }',
    '.       ',
    '.       export function sub(a: number, b: number) {',
    'ai        const difference = a - b;',
    'ai        return difference === 0 ? 0 : difference;',
    '.       }',
  ],
  // Its shell: a command that ends well, one that fails after it wrote; in between a line that nobody reported.
  'src/config.ts': [
    'ai      export const retries = 3;',
    '.       export const timeout = 1000;',
    'unknown export const unreported = true;',
    'ai      export const verbose = true;',
  ],
  // Its sub-agent.
  'src/note.ts': ["ai      export const note = 'from the sub-agent';"],
  // Nobody the assistant knows of.
  'src/util.ts': ['.       export const zero = 0;', 'unknown export const one = 1;'],
};

/** The session, in the assistant's own tools, with somebody else at work in between. */
function session(project: Project, tools: Tools): readonly Step[] {
  const written = new Signal();
  const task = '[subtask] Write the note.';
  return [
    ...(tools.read ? [{ calls: [tools.read('src/math.ts')] }] : []),
    {
      calls: [
        tools.create('src/greet.ts', "export function greet(name: string) {\n  return 'Hello, ' + name;\n}\n"),
        tools.edit(
          'src/math.ts',
          '  return a - b;',
          '  const difference = a - b;\n  return difference === 0 ? 0 : difference;',
        ),
      ],
    },
    {
      before: async () => {
        await project.change('src/config.ts', (text) => `${text}export const unreported = true;\n`);
        await project.change('src/util.ts', (text) => `${text}export const one = 1;\n`);
      },
      calls: [tools.shell("sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak")],
    },
    { calls: [tools.shell("echo 'export const verbose = true;' >> src/config.ts; exit 3")] },
    { calls: [tools.delegate(task)] },
    { when: task, calls: [tools.create('src/note.ts', "export const note = 'from the sub-agent';\n")] },
    { when: task, before: () => written.give(), text: 'Written.' },
    // Some parents go on at once, so the next step waits for the sub-agent.
    { before: () => written.given, calls: [tools.shell('git status --short')] },
  ];
}

/** Somebody changes the assistant's own file, and reports to nobody. */
const intrude = (project: Project): Promise<void> =>
  project.change('src/greet.ts', (text) => text.replace('{\n', '{\n  console.log(name);\n'));

const signature = 'Signed-off-by: Dev <dev@example.com>';

for (const name of selectedAssistants()) {
  const { title, version } = assistants[name];

  describe(`${title} ${version}, the program itself`, function () {
    this.timeout(180_000);
    let project: Project;

    before(async function () {
      this.timeout(900_000);
      try {
        await fetchAssistant(name);
      } catch (error) {
        const reason = unreachable(error);
        if (reason === undefined) throw error;
        process.stderr.write(`${title} ${version} is skipped: its package cannot be fetched (${reason}).\n`);
        this.skip();
      }
    });

    beforeEach(async () => {
      project = await Project.create(start);
      await project.countersignOutput('install', '--git', '--agents', name);
    });

    afterEach(() => project.dispose());

    it('commits its own work: every line is given to whoever wrote it', async () => {
      const tools = assistants[name].tools(project.dir);
      await run(name, project, [
        ...session(project, tools),
        {
          before: () => intrude(project),
          calls: [tools.shell(`git add --all && git commit --quiet -m 'Add a greeting' -m '${signature}'`)],
        },
        { text: 'All done.' },
      ]);
      await check(name, project);
    });

    it('leaves the commit to a person: every line is given to whoever wrote it', async () => {
      await run(name, project, [...session(project, assistants[name].tools(project.dir)), { text: 'All done.' }]);
      await intrude(project);
      await project.git('add', '--all');
      await project.git('commit', '--quiet', '-m', 'Add a greeting', '-m', signature);
      await check(name, project);
    });
  });
}

const run = (assistant: AssistantName, project: Project, steps: readonly Step[]): Promise<unknown> =>
  runAssistant(assistant, { cwd: project.dir, env: project.env, prompt, steps });

const check = (assistant: AssistantName, project: Project): Promise<void> =>
  checkCommit(project, {
    assistant,
    subject: 'Add a greeting',
    lines: expected,
    unchanged: ['README.md'],
    trailers: [signature],
    secrets: [prompt, 'difference', 'unreported'],
  });

/** A promise that is kept from outside. */
class Signal {
  give: () => void = () => undefined;
  readonly given = new Promise<void>((resolve) => {
    this.give = resolve;
  });
}
