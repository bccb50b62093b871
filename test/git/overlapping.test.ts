import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openPlace, type Place } from '../../src/change/place.ts';
import type { Written } from '../../src/core/written.ts';
import { AssistantSession, authorsOf, content, replacement } from '../support/assistantSession.ts';
import { Project } from '../support/project.ts';

type Step = () => Promise<void>;

/** A call of one session: what it does, in this order, while another one does its own. */
interface Call {
  readonly steps: readonly [before: Step, write: Step, after: Step];
}

/** Every way in which three steps of one and three of another can follow each other. */
function interleavings(first: readonly Step[], second: readonly Step[]): Step[][] {
  const [a, ...moreA] = first;
  const [b, ...moreB] = second;
  if (!a) return [[...second]];
  if (!b) return [[...first]];
  return [
    ...interleavings(moreA, second).map((steps) => [a, ...steps]),
    ...interleavings(first, moreB).map((steps) => [b, ...steps]),
  ];
}

const base = 'one line of the file;\ntwo lines of the file;\nthree lines of the file;\nfour lines of the file;\n';

describe('calls that overlap', function () {
  this.timeout(120_000);
  let project: Project;
  let place: Place;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': base });
    place = await openPlace(project.dir);
  });
  afterEach(() => project.dispose());

  const read = (file: string): string => {
    const absolute = path.join(project.dir, file);
    return existsSync(absolute) ? readFileSync(absolute, 'utf8') : '';
  };

  /** A call that changes one place of a file, by what it says of it. */
  function edit(session: string, file: string, written: Written, change: (text: string) => string, id?: string): Call {
    const assistant = new AssistantSession(place, { session });
    return {
      steps: [
        () => assistant.beforeEdit({ [file]: written }, id),
        () => project.write({ [file]: change(read(file)) }),
        () => assistant.afterEdit({ [file]: written }, id),
      ],
    };
  }

  function command(session: string, file: string, change: (text: string) => string): Call {
    const assistant = new AssistantSession(place, { session });
    return {
      steps: [
        () => assistant.beforeCommand('command'),
        () => project.write({ [file]: change(read(file)) }),
        () => assistant.afterCommand('command'),
      ],
    };
  }

  /** Plays all of them from a clean start, and compares the authors of a file. */
  async function always(calls: () => readonly [Call, Call], file: string, isRight: (lines: string[]) => boolean) {
    const [{ steps: first }, { steps: second }] = calls();
    const count = interleavings(first, second).length;
    assert.equal(count, 20);
    for (let i = 0; i < count; i++) {
      await project.write({ 'a.js': base, 'made.js': null, 'edited.js': null });
      rmSync(place.ledger.folder, { recursive: true, force: true });
      const [a, b] = calls();
      for (const step of interleavings(a.steps, b.steps)[i] as Step[]) await step();
      const lines = authorsOf(place, file);
      assert.ok(isRight(lines), `${i}: ${lines.join(' | ')}`);
    }
  }

  const changeOne = (text: string): string => text.replace('one line', 'changed line');
  const changeFour = (text: string): string => text.replace('four lines', 'altered lines');
  const rest = ['two lines of the file; unknown', 'three lines of the file; unknown'];

  for (const ids of [['call-1', 'call-2'], []]) {
    const how = ids.length > 0 ? 'with ids' : 'without ids';
    it(`two edits of one session in one file, ${how}`, async () => {
      await always(
        () => [
          edit('s', 'a.js', replacement('one line', 'changed line'), changeOne, ids[0]),
          edit('s', 'a.js', replacement('four lines', 'altered lines'), changeFour, ids[1]),
        ],
        'a.js',
        (lines) =>
          lines.join('\n') ===
          ['changed line of the file; s reported', ...rest, 'altered lines of the file; s reported'].join('\n'),
      );
    });
  }

  it('two edits of two sessions in one file', async () => {
    await always(
      () => [
        edit('s', 'a.js', replacement('one line', 'changed line'), changeOne, 'call-1'),
        edit('t', 'a.js', replacement('four lines', 'altered lines'), changeFour, 'call-2'),
      ],
      'a.js',
      ([one, , , four]) =>
        one === 'changed line of the file; s reported' && four === 'altered lines of the file; t reported',
    );
  });

  it('an edit of a sub-agent and a command of its parent, in two files', async () => {
    for (const file of ['edited.js', 'made.js']) {
      await always(
        () => [
          edit('s/sub', 'edited.js', content('edited();\n'), () => 'edited();\n', 'call-1'),
          command('s', 'made.js', () => 'made();\n'),
        ],
        file,
        ([line]) => line === (file === 'made.js' ? 'made(); s reported' : 'edited(); s/sub reported'),
      );
    }
  });

  it('an edit and a command of two sessions in one file: what is told is the teller, the rest the other or unknown', async () => {
    await always(
      () => [
        edit('t', 'a.js', replacement('one line', 'changed line'), changeOne, 'call-1'),
        command('s', 'a.js', changeFour),
      ],
      'a.js',
      ([one, two, three, four]) =>
        one === 'changed line of the file; t reported' &&
        two === rest[0] &&
        three === rest[1] &&
        ['altered lines of the file; s reported', 'altered lines of the file; unknown'].includes(four as string),
    );
  });

  it('an edit that is told only when a command has been given the file', async () => {
    const [parent, sub] = ['s', 's/sub'].map((session) => new AssistantSession(place, { session }));
    assert.ok(parent && sub);
    await parent.beforeCommand('call-1');
    await project.write({ 'a.js': changeFour(changeOne(base)) });
    await parent.afterCommand('call-1');
    const told = { file: 'a.js', before: changeFour(base), written: replacement('one line', 'changed line') };
    await sub.afterEditOf([told], 'call-2');
    assert.deepEqual(authorsOf(place, 'a.js'), [
      'changed line of the file; s/sub reported',
      ...rest,
      'altered lines of the file; s reported',
    ]);
  });
});
