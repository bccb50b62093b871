import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { firstModel, isModel, lastModel, lastModelUnder } from '../../../src/agents/transcript.ts';
import { inFolder } from './recorded.ts';

function withFile<Result>(text: string, work: (file: string) => Result): Result {
  return inFolder((folder) => {
    const file = path.join(folder, 'session.jsonl');
    writeFileSync(file, text);
    return work(file);
  });
}

describe('the model in a transcript', () => {
  const entry = (model: string) => `${JSON.stringify({ message: { model } })}\n`;
  const long = (length: number) => `${JSON.stringify({ text: 'model '.repeat(length / 6) })}\n`;

  it('is the last one that is a model', () => {
    const text = `${entry('old')}${entry('new')}${entry('<synthetic>')}{"model": 7}\n{"message":{"mod`;
    assert.equal(withFile(text, lastModel), 'new');
  });

  it('is found behind a long entry, and not looked for in all of a file', () => {
    assert.equal(withFile(entry('near') + long(100_000), lastModel), 'near');
    assert.equal(withFile(entry('far') + long(1_000_000), lastModel), undefined);
    const places = [['message', 'model']];
    assert.equal(
      withFile(entry('far') + long(1_000_000), (file) => firstModel(file, places)),
      'far',
    );
  });

  it('is none in a text of the conversation', () => {
    const said = JSON.stringify({ message: { content: '{"model":"trick"} "model":"trick"' } });
    assert.equal(withFile(`${said}\n`, lastModel), undefined);
    assert.equal(
      withFile(said, (file) => lastModelUnder(file, ['model'])),
      undefined,
    );
  });

  it('is not known where there is no file to read', () => {
    for (const file of ['/no/such/file', '/', 'with a NUL\0']) assert.equal(lastModel(file), undefined);
  });

  it('may have the name of its provider, but is no placeholder behind it', () => {
    for (const name of ['gpt-5.5', 'anthropic/claude-opus-4-5', 'openrouter/openai/gpt-5.5']) assert.ok(isModel(name));
    for (const name of ['', 'auto', 'Auto', 'copilot/auto', '<synthetic>', 'default', undefined, 7, null])
      assert.ok(!isModel(name));
  });
});
