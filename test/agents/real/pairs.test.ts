import assert from 'node:assert/strict';
import { attributionOfHead, trailersOfHead } from '../lab/attribution.ts';
import { checkAuthors } from '../lab/checkCommit.ts';
import { HeldCommand } from '../lab/heldCommand.ts';
import type { Step } from '../lab/mockModel.ts';
import type { Program, Tools } from '../lab/program.ts';
import { programs } from '../lab/programs.ts';
import { describeReal } from '../lab/realProgram.ts';
import { runAssistant } from '../lab/runAssistant.ts';
import { prompt, readStep, Signal } from '../lab/session.ts';

/** The first one waits in a command while the second one works, and commits the work of both. */
const pairs = [
  ['claude', 'codex'],
  ['claude', 'copilot'],
  ['qwen', 'opencode'],
] as const;

for (const [host, guest] of pairs) {
  describeReal([host, guest], (installed) => {
    it('work in one repository at once: every line is given to the one that wrote it', async () => {
      const project = await installed();
      const command = await HeldCommand.create(project);
      const meeting = { edited: new Signal(), joined: new Signal(), command };
      try {
        const guestRun = runAssistant(
          programs[guest],
          project,
          prompt,
          guestSteps(programs[guest].tools(project.dir), meeting),
        );
        const hostRun = runAssistant(
          programs[host],
          project,
          prompt,
          hostSteps(programs[host].tools(project.dir), meeting, guestRun),
        );
        await Promise.all([hostRun, guestRun]);
      } finally {
        await command.end();
      }
      const { lines, spans } = await attributionOfHead(project, ({ tool, class: given }) => tool ?? given);
      assert.deepEqual(lines, expectedLines(programs[host], programs[guest]));
      checkAuthors(spans, programs[host], programs[guest]);
      // Qwen Code names itself in the other way.
      const names = (await trailersOfHead(project)).filter((line) => /^(Assisted|Co-authored)-by: /.test(line));
      assert.equal(names.length, 2);
    });
  });
}

/** Where the two wait for each other. */
interface Meeting {
  /** The host has edited the file that both edit. */
  readonly edited: Signal;
  /** So has the guest. */
  readonly joined: Signal;
  /** The host's, while which the guest edits a file, and runs a command itself. */
  readonly command: HeldCommand;
}

function hostSteps(tools: Tools, { edited, joined, command }: Meeting, guestRun: Promise<unknown>): readonly Step[] {
  const waits = command.line("echo 'export {};' > src/one.ts", "echo 'export const two = 2;' >> src/one.ts");
  return [
    ...readStep(tools, 'src/math.ts'),
    { calls: [tools.edit({ file: 'src/math.ts', before: '  return a - b;', after: '  return a + -b;' })] },
    {
      before: async () => {
        edited.give();
        await joined.given;
      },
      calls: [tools.shell(waits)],
    },
    {
      before: async () => {
        await guestRun;
      },
      calls: [tools.shell("git add --all && git commit --quiet -m 'Work together'")],
    },
    { text: 'All done.' },
  ];
}

function guestSteps(tools: Tools, { edited, joined, command }: Meeting): readonly Step[] {
  const [first, ...others] = readStep(tools, 'src/math.ts', 'src/names.ts');
  const before = async (): Promise<void> => await edited.given;
  const edit = tools.edit({ file: 'src/math.ts', before: '  return a + b;', after: '  return b + a;' });
  return [
    ...(first ? [{ ...first, before }, ...others, { calls: [edit] }] : [{ before, calls: [edit] }]),
    {
      before: async () => {
        joined.give();
        await command.isWaiting();
      },
      calls: [
        tools.edit({ file: 'src/names.ts', before: "export const last = 'z';", after: "export const last = 'y';" }),
        tools.create('src/three.ts', 'export const three = 3;\n'),
      ],
    },
    { calls: [tools.shell("echo 'export const four = 4;' >> src/util.ts")] },
    { before: () => command.letGo(), text: 'All done.' },
  ];
}

function expectedLines({ assistant: host }: Program, { assistant: guest }: Program): Record<string, readonly string[]> {
  const by = (who: string, line: string): string => `${who.padEnd(8)}${line}`;
  return {
    'src/math.ts': [
      by('.', 'export function add(a: number, b: number) {'),
      by(guest, '  return b + a;'),
      by('.', '}'),
      by('.', ''),
      by('.', 'export function sub(a: number, b: number) {'),
      by(host, '  return a + -b;'),
      by('.', '}'),
    ],
    'src/names.ts': [by('.', "export const first = 'a';"), by(guest, "export const last = 'y';")],
    'src/one.ts': [by(host, 'export {};'), by(host, 'export const two = 2;')],
    'src/three.ts': [by(guest, 'export const three = 3;')],
    'src/util.ts': [by('.', 'export const zero = 0;'), by(guest, 'export const four = 4;')],
  };
}
