import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { openPlace, type Place } from '../../src/change/place.ts';
import { AssistantSession, authorsOf, content, replacement } from '../support/assistantSession.ts';
import { Project } from '../support/project.ts';
import { shown } from '../support/reports.ts';

const base = 'first line of the file;\nsecond line of it;\n';
const added = 'const total = sum(items);';

/** As Codex says of its commands. */
const untold = { endMayStayUntold: true } as const;

describe('a call whose end nobody tells', () => {
  let project: Project;
  let place: Place;
  let session: AssistantSession;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': base });
    place = await openPlace(project.dir);
    session = new AssistantSession(place, {}, untold);
  });
  afterEach(() => project.dispose());

  const baseLines = base.trimEnd().split('\n');
  const nobodys = baseLines.map((line) => `${line} unknown`);

  describe('an edit', () => {
    const edits = { 'a.js': content(`${base}${added}\n`) };
    const applied = { 'a.js': `${base}${added}\n` };
    const given = [...nobodys, `${added} s reported`];

    const events: readonly [name: string, tell: (session: AssistantSession) => Promise<void>][] = [
      ['the beginning of another edit', (s) => s.beforeEdit({ 'b.js': content('b();\n') }, 'call-2')],
      ['the end of another edit', (s) => s.afterEdit({ 'b.js': content('b();\n') }, 'call-2')],
      ['the beginning of a command', (s) => s.beforeCommand('call-2')],
      ['the end of a command', (s) => s.afterCommand('call-2')],
      ['an order', (s) => s.prompt()],
      ['the end of the turn', (s) => s.turnEnd()],
      ['the end of the session', (s) => s.sessionEnd()],
    ];
    for (const [name, tell] of events) {
      it(`is found at ${name}`, async () => {
        await session.beforeEdit(edits, 'call-1');
        await project.write(applied);
        await tell(session);
        assert.deepEqual(authorsOf(place, 'a.js'), given);
      });
    }

    it('is found at an event of its sub-agent, with the model that was told', async () => {
      await new AssistantSession(place, { session: 's', model: 'm-1' }).beforeEdit(edits, 'call-1');
      await project.write(applied);
      await new AssistantSession(place, { session: 's/sub' }).beforeCommand('call-2');
      assert.deepEqual(authorsOf(place, 'a.js'), given);
      const [author] = [...place.ledger.attribute('a.js', applied['a.js'])].slice(-1).map((run) => run.author);
      assert.equal(author?.origin === 'ai' && author.model, 'm-1');
    });

    it('is not looked for at events of others', async () => {
      await session.beforeEdit(edits, 'call-1');
      await project.write(applied);
      await new AssistantSession(place, { session: 'other' }).turnEnd();
      await new AssistantSession(place, { tool: 'claude' }).turnEnd();
      assert.equal(authorsOf(place, 'a.js').at(-1), `${added} unknown`);
    });

    it('is found by a commit, whoever makes it', async () => {
      await project.countersignOutput('install', '--git');
      await session.beforeEdit(edits, 'call-1');
      await project.write(applied);
      await project.git('commit', '--quiet', '--all', '--message=Add total');
      assert.deepEqual(await shown(project), ['a.js:3 ai']);
    });

    it('that was denied gives nothing, whatever others write', async () => {
      await session.beforeEdit(edits, 'call-1');
      await project.write({ 'a.js': `${base}const total = 0;\n` });
      await session.beforeEdit({ 'b.js': content('b();\n') }, 'call-2');
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'a.js'), [...nobodys, 'const total = 0; unknown']);
    });

    it('is found later in the turn, and not after it', async () => {
      await session.beforeEdit(edits, 'call-1');
      await session.beforeCommand('call-2');
      await project.write(applied);
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'a.js'), given);
      await session.beforeEdit({ 'b.js': content(`${added}\n`) }, 'call-3');
      await session.turnEnd();
      await project.write({ 'b.js': `${added}\n` });
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'b.js'), [`${added} unknown`]);
    });

    it('does not get what others put beside it', async () => {
      await session.beforeEdit(edits, 'call-1');
      await project.write({ 'a.js': `before();\n${base}${added}\nafter();\n` });
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'a.js'), [
        'before(); unknown',
        ...nobodys,
        `${added} s reported`,
        'after(); unknown',
      ]);
    });

    it('is given once, though its end is told after all', async () => {
      await session.beforeEdit(edits, 'call-1');
      await project.write(applied);
      await session.beforeCommand('call-2');
      const steps = [...place.ledger.history('a.js')].length;
      await session.afterEdit(edits, 'call-1');
      assert.equal([...place.ledger.history('a.js')].length, steps);
      assert.deepEqual(authorsOf(place, 'a.js'), given);
    });

    it('that failed half way gets the file that it wrote, and the replacements that it made', async () => {
      const two = {
        'a.js': {
          form: 'replacements',
          replacements: [
            { oldText: 'first', newText: 'changed', all: false },
            { oldText: 'second', newText: 'other', all: false },
          ],
        },
        'b.js': content(`${added}\n`),
        'c.js': content('c();\n'),
      } as const;
      await session.beforeEdit(two, 'call-1');
      await project.write({ 'a.js': base.replace('first', 'changed'), 'b.js': `${added}\n`, 'c.js': 'theirs();\n' });
      await session.afterEdit(two, 'call-1', { failed: true });
      assert.deepEqual(authorsOf(place, 'a.js'), [
        'changed line of the file; s reported',
        'second line of it; unknown',
      ]);
      assert.deepEqual(authorsOf(place, 'b.js'), [`${added} s reported`]);
      assert.deepEqual(authorsOf(place, 'c.js'), ['theirs(); unknown']);
    });

    it('that failed gets nothing of what others wrote meanwhile', async () => {
      for (const written of [undefined, replacement('third', 'fourth'), content(`${base}${added}\n`)]) {
        await session.beforeEdit({ 'a.js': written }, 'call-1');
        await project.change('a.js', (text) => `${text}theirs();\n`);
        await session.afterEdit({ 'a.js': written }, 'call-1', { failed: true });
      }
      assert.deepEqual(authorsOf(place, 'a.js'), [...nobodys, ...Array<string>(3).fill('theirs(); unknown')]);
    });
  });

  describe('a command', () => {
    const ends: readonly [name: string, tell: (session: AssistantSession) => Promise<void>][] = [
      ['the end of the turn', (s) => s.turnEnd()],
      ['the next order', (s) => s.prompt()],
      ['the end of the session', (s) => s.sessionEnd()],
    ];
    for (const [name, tell] of ends) {
      it(`gets at ${name} what changed since, and nobody else has written`, async () => {
        const other = new AssistantSession(place, { session: 'other' });
        await session.beforeCommand('call-1');
        await other.beforeEdit({ 'theirs.js': content('theirs();\n') }, 'call-2');
        await project.write({ 'made.js': 'made();\n', 'theirs.js': 'theirs();\n' });
        await other.afterEdit({ 'theirs.js': content('theirs();\n') }, 'call-2');
        await tell(session);
        assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s inferred:no-after-event']);
        assert.deepEqual(authorsOf(place, 'theirs.js'), ['theirs(); other reported']);
        await project.write({ 'later.js': 'later();\n' });
        await tell(session);
        assert.deepEqual(authorsOf(place, 'later.js'), ['later(); unknown']);
      });
    }

    it("keeps a later call's share that call's, and gets the rest", async () => {
      await session.beforeCommand('call-1');
      await session.beforeCommand('call-2');
      await project.write({ 'second.js': 'second();\n' });
      await session.afterCommand('call-2');
      await project.write({ 'first.js': 'first();\n' });
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'second.js'), ['second(); s reported']);
      assert.deepEqual(authorsOf(place, 'first.js'), ['first(); s inferred:no-after-event']);
    });

    it('does not get what git brought meanwhile', async () => {
      await project.git('checkout', '-q', '-b', 'side');
      await project.write({ 'side.js': 'side();\n' });
      await project.git('add', '--all');
      await project.git('commit', '-qm', 'Side');
      await project.git('checkout', '-q', 'main');
      await session.beforeCommand('call-1');
      await project.git('checkout', '-q', 'side');
      await session.turnEnd();
      assert.deepEqual(authorsOf(place, 'side.js'), ['side(); unknown']);
    });

    it("is not ended by the end of a sub-agent's turn, but by that of the session", async () => {
      const sub = new AssistantSession(place, { session: 's/sub' }, untold);
      await session.beforeCommand('call-1');
      await sub.beforeCommand('call-2');
      await project.write({ 'made.js': 'made();\n' });
      await sub.turnEnd();
      assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s/sub inferred:no-after-event']);
      assert.equal(place.ledger.windows.all().length, 1);
      await sub.beforeCommand('call-3');
      await session.sessionEnd();
      assert.deepEqual(place.ledger.windows.all(), []);
    });

    it('that was left alone for long gets nothing at the next order', async () => {
      await session.beforeCommand('call-1');
      const [window] = place.ledger.windows.all();
      assert.ok(window);
      place.ledger.windows.replace({ ...window, at: new Date(Date.now() - 3_600_000).toISOString() });
      await project.write({ 'made.js': 'made();\n' });
      await session.prompt();
      assert.deepEqual(authorsOf(place, 'made.js'), ['made(); unknown']);
      assert.deepEqual(place.ledger.windows.all(), []);
    });

    it('gets nothing where its assistant tells every end, for then it was refused', async () => {
      const claude = new AssistantSession(place, { tool: 'claude' });
      await claude.beforeCommand('call-1');
      await project.write({ 'made.js': 'made();\n' });
      await claude.turnEnd();
      assert.deepEqual(authorsOf(place, 'made.js'), ['made(); unknown']);
      assert.deepEqual(place.ledger.windows.all(), []);
    });

    it('in the background: what it writes within a later call is the session, between calls nobody', async () => {
      await session.beforeCommand('call-1');
      await session.afterCommand('call-1');
      await project.write({ 'between.js': 'between();\n' });
      await session.beforeCommand('call-2');
      await project.write({ 'within.js': 'within();\n' });
      await session.afterCommand('call-2');
      assert.deepEqual(authorsOf(place, 'between.js'), ['between(); unknown']);
      assert.deepEqual(authorsOf(place, 'within.js'), ['within(); s reported']);
    });
  });

  it('leaves the windows of others alone', async () => {
    const other = new AssistantSession(place, { session: 'other' });
    await other.beforeCommand('call-1');
    await other.beforeEdit({ 'a.js': content('x\n') }, 'call-2');
    await session.turnEnd();
    await session.sessionEnd();
    assert.equal(place.ledger.windows.all().length, 2);
  });

  it('is forgotten after a day, with what is left of calls that ended', async () => {
    await session.beforeEdit({ 'a.js': content('x\n') }, 'call-1');
    await session.afterEdit({ 'a.js': content('x\n') }, 'call-1');
    const folder = path.join(place.ledger.folder, 'windows');
    const { readdir } = await import('node:fs/promises');
    const names = await readdir(folder);
    assert.equal(names.length, 1);
    const old = Date.now() / 1000 - 60;
    await utimes(path.join(folder, names[0] as string), old, old);
    await place.ledger.compact(() => true);
    assert.deepEqual(await readdir(folder), []);
  });
});
