import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { programOf } from '../../src/change/journal.ts';
import { openPlace, type Place } from '../../src/change/place.ts';
import { AssistantSession } from '../support/assistantSession.ts';
import { Project } from '../support/project.ts';

describe('the journal of orders and commands', () => {
  let project: Project;
  let place: Place;
  let session: AssistantSession;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'a();\n' });
    place = await openPlace(project.dir);
    session = new AssistantSession(place, { tool: 'codex', version: '0.169.0', model: 'gpt-5.5' });
  });
  afterEach(() => project.dispose());

  const secret = 'hunter2-and-more';
  const words = ` Set the password to ${secret}. \n`;
  const command = `TOKEN=${secret} /usr/bin/curl -H 'Authorization: ${secret}' https://example.com`;

  async function work(): Promise<Record<string, unknown>[]> {
    await session.prompt(words);
    await session.beforeCommand('call-1', command);
    await session.afterCommand('call-1', command);
    return place.ledger.journal.entries().map(({ at, ...entry }) => {
      assert.ok(Date.now() - Date.parse(at) < 60_000);
      return entry;
    });
  }

  const reporter = { tool: 'codex', version: '0.169.0', model: 'gpt-5.5', session: 's' };
  const hash = createHash('sha256').update(words.trim()).digest('hex');

  it('has the hash of an order and the name of a program, and no word of theirs', async () => {
    const [prompt, ran, ...more] = await work();
    assert.deepEqual(prompt, { entry: 'prompt', ...reporter, hash });
    const { since, ...rest } = ran ?? {};
    assert.equal(typeof since, 'string');
    assert.deepEqual(rest, { entry: 'command', ...reporter, call: 'call-1', program: 'curl', files: 0 });
    assert.deepEqual(more, []);
  });

  it('has the words where the person wants them kept', async () => {
    await project.git('config', 'countersign.keepPrompts', 'true');
    const [prompt, ran] = await work();
    assert.equal(prompt?.['text'], words.trim());
    assert.equal(ran?.['command'], command);
  });

  it('has an order once that is told by two hooks', async () => {
    await session.prompt('Go on.');
    await session.prompt('Go on.');
    await session.prompt('And on.');
    await session.sessionEnd();
    await session.sessionEnd();
    assert.deepEqual(
      place.ledger.journal.entries().map(({ entry }) => entry),
      ['prompt', 'prompt', 'session'],
    );
  });

  const programs: readonly [command: string, program: string | undefined][] = [
    ['npm test', 'npm'],
    ['  /usr/local/bin/terraform destroy', 'terraform'],
    ['C:\\tools\\git.exe status', 'git.exe'],
    ['ls;rm -r x', 'ls'],
    [`TOKEN=${secret} curl x`, 'curl'],
    [`A='${secret} x' B="${secret} \\" y" curl x`, 'curl'],
    [`TOKEN=${secret}`, undefined],
    [`A="x ${secret} curl`, undefined],
    [`A=$(cat ${secret}) curl`, undefined],
    [`$env:TOKEN='${secret}'; curl`, undefined],
    [`'${secret}' x`, undefined],
    [`${'k'.repeat(41)} x`, undefined],
    ['', undefined],
    ['# a comment', undefined],
  ];
  for (const [line, program] of programs) {
    it(`takes ${program ?? 'nothing'} for the program of ${JSON.stringify(line)}`, () =>
      assert.equal(programOf(line), program));
  }
});
