import assert from 'node:assert/strict';
import { noteDiagnostics } from '../../src/change/diagnostics.ts';
import { openPlace } from '../../src/change/place.ts';
import type { Validations } from '../../src/core/validation/validation.ts';
import { Project } from '../support/project.ts';

describe('errors that the editor shows', () => {
  let project: Project;
  const text = 'one();\nbroken(;\n';
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\n' });
    await project.write({ 'a.js': text });
  });
  afterEach(() => project.dispose());

  async function note(errors: readonly { line: number; source: string }[], of = text): Promise<void> {
    await noteDiagnostics(await openPlace(project.dir), [{ path: 'a.js', text: of, errors }]);
  }
  async function places(...args: string[]): Promise<string[]> {
    const known: Validations = JSON.parse(await project.countersignOutput('evidence', 'list', '--json', ...args));
    return known.runs.flatMap(({ kind, outcome, where = [] }) =>
      where.map(({ path, line }) => `${kind} ${outcome} ${path}:${line}`),
    );
  }

  it('count on lines of the change, for the text that they were shown on', async () => {
    await note([
      { line: 1, source: 'ts' },
      { line: 2, source: 'ts' },
    ]);
    assert.deepEqual(await places(), ['lint failed a.js:2']);
    await project.git('add', 'a.js');
    assert.deepEqual(await places('--staged'), ['lint failed a.js:2']);
    await project.write({ 'a.js': `${text}more();\n` });
    assert.deepEqual(await places(), []);
    assert.deepEqual(await places('--staged'), ['lint failed a.js:2']);
  });

  it('are gone when they are gone', async () => {
    await note([{ line: 2, source: 'ts' }]);
    await note([]);
    assert.deepEqual(await places(), []);
  });

  it('raise the risk', async () => {
    await note([{ line: 2, source: 'ts' }]);
    assert.match(await project.countersignOutput('status'), /\n {2}failing .*a\.js:2/);
  });

  it('raise it on no line that is not of the change', async () => {
    await note([{ line: 1, source: 'ts' }]);
    assert.doesNotMatch(await project.countersignOutput('status'), /failing/);
  });
});
