import type { Project } from '../../support/project.ts';
import type { ExpectedCommit } from './checkCommit.ts';
import type { Step } from './mockModel.ts';
import type { Program, Tools } from './program.ts';

/** What a person asks for. None of its words may get into a record. */
export const prompt = 'Add a greeting and tidy the project.';

/** The project before the session. */
export const start = {
  'README.md': '# Sample\n',
  'src/config.ts': 'export const retries = 1;\nexport const timeout = 1000;\n',
  'src/legacy.ts': 'export const old = true;\n',
  'src/limits.ts': 'export const low = 0;\nexport const high = 10;\n',
  'src/math.ts':
    'export function add(a: number, b: number) {\n  return a + b;\n}\n\nexport function sub(a: number, b: number) {\n  return a - b;\n}\n',
  'src/names.ts': "export const first = 'a';\nexport const last = 'z';\n",
  'src/util.ts': 'export const zero = 0;\n',
};

/** The commit that the session has to end in. */
export function expectedCommit(program: Program): ExpectedCommit {
  return {
    program,
    subject: 'Add a greeting',
    lines: program.tools('').delegate ? { ...expectedLines, ...subAgentLines } : expectedLines,
    unchanged: ['README.md'],
    trailers: [],
    secrets: [prompt, 'difference', 'unreported'],
  };
}

/** Each line behind the class it deserves, a dot where it is not new. */
const expectedLines = {
  // The assistant's file tool, but for a line that somebody else put in between.
  'src/greet.ts': [
    'ai      export function greet(name: string) {',
    'unknown   console.log(name);',
    "ai        return 'Hello, ' + name;",
    'ai      }',
  ],
  // An edit in the middle, and another one that overlaps it.
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
  // One patch of both, or two edits in one turn; in between a line that an editor vouches a person typed.
  'src/limits.ts': [
    '.       export const low = 0;',
    'ai      export const high = 20;',
    'human   export const typed = true;',
  ],
  'src/names.ts': ["ai      export const first = 'b';", ".       export const last = 'z';"],
  // Nobody the assistant knows of.
  'src/util.ts': ['.       export const zero = 0;', 'unknown export const one = 1;'],
};

/** What is there besides where the assistant has sub-agents. */
const subAgentLines = { 'src/note.ts': ["ai      export const note = 'from the sub-agent';"] };

/** The session, in the assistant's own tools, with others at work in between. */
export function session(project: Project, tools: Tools): readonly Step[] {
  const high = {
    file: 'src/limits.ts',
    before: 'export const high = 10;',
    after: 'export const high = 20;',
  };
  const first = { file: 'src/names.ts', before: "export const first = 'a';", after: "export const first = 'b';" };
  return [
    ...readStep(tools, 'src/math.ts', 'src/limits.ts', 'src/names.ts'),
    {
      calls: [
        tools.create('src/greet.ts', "export function greet(name: string) {\n  return 'Hello, ' + name;\n}\n"),
        tools.edit({
          file: 'src/math.ts',
          before: '  return a - b;',
          after: '  const difference = a - b;\n  return difference;',
        }),
      ],
    },
    {
      calls: [
        tools.edit({
          file: 'src/math.ts',
          before: '  return difference;',
          after: '  return difference === 0 ? 0 : difference;',
        }),
      ],
    },
    { calls: tools.patch ? [tools.patch(high, first)] : [tools.edit(high), tools.edit(first)] },
    {
      before: async () => {
        await typeByHand(project, 'src/limits.ts', (text) => `${text}export const typed = true;\n`);
        await project.change('src/config.ts', (text) => `${text}export const unreported = true;\n`);
        await project.change('src/util.ts', (text) => `${text}export const one = 1;\n`);
      },
      calls: [tools.shell("sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts")],
    },
    { calls: [tools.shell("echo 'export const verbose = true;' >> src/config.ts; exit 3")] },
    ...subAgentSteps(tools),
  ];
}

/** Some assistants insist on having read a file before they edit it. */
export function readStep({ read }: Tools, ...files: readonly string[]): readonly Step[] {
  return read ? [{ calls: files.map((file) => read(file)) }] : [];
}

function subAgentSteps(tools: Tools): readonly Step[] {
  if (!tools.delegate) return [];
  const written = new Signal();
  const task = '[subtask] Write the note.';
  const create = tools.createInSubAgent ?? tools.create;
  return [
    { calls: [tools.delegate(task)] },
    { when: task, calls: [create('src/note.ts', "export const note = 'from the sub-agent';\n")] },
    { when: task, before: () => written.give(), text: 'Written.' },
    // Some parents go on at once, so the next step waits for the sub-agent.
    { before: () => written.given, calls: [tools.shell('git status --short')] },
  ];
}

/** Changes a file as an editor of a person's does that vouches for it. */
export async function typeByHand(project: Project, file: string, edit: (text: string) => string): Promise<void> {
  await project.change(file, edit);
  const event = { version: 1, event: 'human-edit', cwd: project.dir, files: [file] };
  await project.countersign(['hook', 'generic'], { input: JSON.stringify(event) });
}

/** Somebody changes the assistant's own file, and reports to nobody. */
export function intrude(project: Project): Promise<void> {
  return project.change('src/greet.ts', (text) => text.replace('{\n', '{\n  console.log(name);\n'));
}

/** A promise that is kept from outside. */
export class Signal {
  give: () => void = () => undefined;
  readonly given = new Promise<void>((resolve) => {
    this.give = resolve;
  });
}
