import assert from 'node:assert/strict';
import { describeEverywhere } from '../support/scenario.ts';

interface Shown {
  readonly fit: { readonly state: string };
  readonly marks: readonly { readonly kind: string; readonly tool?: string; readonly trailer: string }[];
}

describeEverywhere('show', { 'base.js': 'base();\n' }, (now) => {
  async function committed(message: string): Promise<Shown> {
    await now().git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '--allow-empty', '-m', message);
    return JSON.parse(await now().countersign('show', 'HEAD', '--json')) as Shown;
  }

  it('tells what a foreign commit says of assistants, and counts nothing from it', async () => {
    const words =
      'Add x\n\nCo-authored-by: Claude <noreply@anthropic.com>\nClaude-Session: https://claude.ai/code/session_1';
    const { fit, marks } = await committed(words);
    assert.equal(fit.state, 'none');
    assert.deepEqual(
      marks.map(({ kind, tool }) => `${kind} ${tool}`),
      ['assistant claude', 'session claude'],
    );
    const text = await now().countersign('show', 'HEAD');
    assert.match(text, /its message says: Co-authored-by: Claude <noreply@anthropic\.com>/);
    assert.doesNotMatch(text, /AI/);
  });

  it('takes no person, no denial and no prose for an assistant', async () => {
    const words =
      'Assisted-by: Claude Code (x)\n\nProse.\n\nAssisted-by: Jane Doe\nAssisted-by: none\nCo-authored-by: Claude Dupont <claude@example.com>';
    assert.deepEqual((await committed(`Add x\n\n${words}`)).marks, []);
  });

  it('leaves the marks to the records where there are some', async () => {
    await now().assistantWrites({ 'a.js': 'a();\n' });
    await now().commit('Add a');
    assert.doesNotMatch(await now().countersign('show', 'HEAD'), /its message says/);
  });
});
