import assert from 'node:assert/strict';
import { type AssistantName, describeEverywhere, Scenario } from '../support/scenario.ts';

const claude: AssistantName = { tool: 'claude', model: 'claude-opus-4-5' };
const coAuthor = 'Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>';

describeEverywhere('a style of trailers', { 'a.js': 'old();\n' }, (now) => {
  it('is what the repository asks for, and an amend writes the lines anew in the style of then', async () => {
    await now().git('config', 'countersign.trailers', 'kernel');
    await now().assistantWrites({ 'b.js': 'b();\n' }, claude);
    await now().commit('Add b', '-s');
    assert.deepEqual(
      [...(await now().trailers())].map(([key, [value]]) => `${key}: ${value}`.slice(0, 19)),
      ['Signed-off-by: Dev ', 'Assisted-by: LLM', 'Provenance: sha256:'],
    );
    await now().git('config', 'countersign.trailers', 'slash');
    await now().git('commit', '-q', '--amend', '--no-edit');
    const block = await now().trailers();
    assert.deepEqual([...block.keys()], ['Signed-off-by', 'Assisted-by', 'AI-Lines', 'Change-Risk', 'Provenance']);
    assert.deepEqual(block.get('Assisted-by'), ['claude-code/claude-opus-4-5']);
    assert.equal(await now().fit(), 'exact');
  });

  it('none leaves the message alone, and the record is found by a note', async () => {
    await now().git('config', 'countersign.trailers', 'none');
    await now().assistantWrites({ 'b.js': 'b();\n' }, claude);
    await now().commit('Add b');
    assert.equal((await now().message()).trim(), 'Add b');
    assert.deepEqual([await now().authors(), await now().fit()], [['b.js:1 ai claude'], 'exact']);
    assert.match(await now().git('notes', '--ref=countersign', 'show', 'HEAD'), /^[0-9a-f]{64}\n$/);
  });
});

describe('styles of trailers', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create({ 'a.js': 'old();\n' });
  });
  afterEach(() => scenario.dispose());

  async function assistants(): Promise<string[]> {
    const block = await scenario.trailers();
    return [...block].flatMap(([key, values]) =>
      /^(assisted|generated|co-authored)-by$/i.test(key) ? values.map((value) => `${key}: ${value}`) : [],
    );
  }

  const expected = {
    'assisted-by': ['Assisted-by: Claude Code (claude-opus-4-5)', 'Assisted-by: my-agent (m-1)'],
    'agent-model': ['Assisted-by: Claude:claude-opus-4-5', 'Assisted-by: my-agent:m-1'],
    slash: ['Assisted-by: claude-code/claude-opus-4-5', 'Assisted-by: my-agent/m-1'],
    'generated-by': ['Generated-by: Claude Code (claude-opus-4-5)', 'Generated-by: my-agent (m-1)'],
    openinfra: ['Generated-By: Claude Code (claude-opus-4-5)', 'Generated-By: my-agent (m-1)'],
    kernel: ['Assisted-by: LLM'],
    'co-authored-by': [
      'Co-authored-by: Claude Code (claude-opus-4-5) <noreply@anthropic.com>',
      'Assisted-by: my-agent (m-1)',
    ],
  } as const;

  for (const [style, lines] of Object.entries(expected)) {
    it(`${style} names two assistants, and none once their lines are gone`, async () => {
      await scenario.git('config', 'countersign.trailers', style);
      await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
      await scenario.assistantWrites({ 'c.js': 'c();\n' });
      await scenario.commit('Add');
      assert.deepEqual(await assistants(), lines);
      await scenario.git('rm', '-q', 'b.js', 'c.js');
      await scenario.personWrites({ 'd.js': 'd();\n' });
      await scenario.git('add', '--all');
      await scenario.git('commit', '-q', '--amend', '--no-edit');
      assert.deepEqual(await assistants(), []);
      assert.equal((await scenario.trailers()).get('AI-Lines'), undefined);
      assert.deepEqual(await scenario.lines(), ['d.js:1 human']);
    });
  }

  it('openinfra says that a small part was assisted', async () => {
    await scenario.git('config', 'countersign.trailers', 'openinfra');
    await scenario.personWrites({ 'b.js': 'one();\ntwo();\n' });
    await scenario.assistantWrites({ 'b.js': 'one();\ntwo();\nthree();\n' }, claude);
    await scenario.commit('Add b');
    assert.deepEqual(await assistants(), ['Assisted-By: Claude Code (claude-opus-4-5)']);
  });

  it('that there is none is said, and the default is taken', async () => {
    await scenario.git('config', 'countersign.trailers', 'fancy');
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.git('add', '--all');
    await scenario.git('commit', '-qm', 'Add b');
    assert.deepEqual(await assistants(), ['Assisted-by: my-agent (m-1)']);
    const { stderr } = await scenario.project.countersign(['git-hook', 'commit-msg', '.git/COMMIT_EDITMSG']);
    assert.match(stderr, /countersign\.trailers is "fancy", taken as assisted-by: there are assisted-by, kernel, /);
  });

  for (const style of ['assisted-by', 'co-authored-by']) {
    it(`${style} does not name an assistant again that has named itself`, async () => {
      await scenario.git('config', 'countersign.trailers', style);
      await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
      await scenario.commit('Add b', '-m', coAuthor);
      assert.deepEqual(await assistants(), [coAuthor]);
      assert.deepEqual((await scenario.trailers()).get('AI-Lines'), ['1/1 added, 0 reviewed']);
      await scenario.git('commit', '-q', '--amend', '--no-edit');
      assert.deepEqual(await assistants(), [coAuthor]);
    });
  }

  it('slash names it all the same, for a project wants that line', async () => {
    await scenario.git('config', 'countersign.trailers', 'slash');
    await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
    await scenario.commit('Add b', '-m', coAuthor);
    assert.deepEqual(await assistants(), [coAuthor, 'Assisted-by: claude-code/claude-opus-4-5']);
  });

  it('another tool that has named itself does not hide ours', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
    await scenario.commit('Add b', '-m', 'Co-authored-by: Copilot <copilot@github.com>\nAssisted-by: Jane Doe');
    assert.deepEqual(await assistants(), [
      'Co-authored-by: Copilot <copilot@github.com>',
      'Assisted-by: Jane Doe',
      'Assisted-by: Claude Code (claude-opus-4-5)',
    ]);
  });

  it('none takes our lines out of an amended message, and what a person took out stays out', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
    await scenario.commit('Add b', '-s');
    await scenario.git('config', 'countersign.trailers', 'none');
    await scenario.git('commit', '-q', '--amend', '--no-edit');
    assert.deepEqual([...(await scenario.trailers()).keys()], ['Signed-off-by']);
    assert.equal(await scenario.fit(), 'exact');
    await scenario.git('commit', '-q', '--amend', '-m', 'Add b, by hand');
    assert.equal((await scenario.message()).trim(), 'Add b, by hand');
    assert.equal(await scenario.fit(), 'exact');
  });

  it('come back at the next commit where a person only took the lines out', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n' }, claude);
    await scenario.commit('Add b', '--date=2020-01-01T00:00:00Z');
    await scenario.git('commit', '-q', '--amend', '-m', 'Without them');
    assert.deepEqual(await assistants(), ['Assisted-by: Claude Code (claude-opus-4-5)']);
    await scenario.git('commit', '-q', '--amend', '--no-verify', '-m', 'Without them');
    assert.equal((await scenario.message()).trim(), 'Without them');
    assert.equal(await scenario.fit(), 'exact');
  });

  it('lose to no name that a tool, a model or an address gives itself', async () => {
    const forged = {
      tool: 'x\nSigned-off-by: Boss <boss@example.com>',
      model: 'm\r\n\r\nProvenance: sha256:00\u2028y',
    };
    for (const style of ['assisted-by', 'agent-model', 'slash', 'generated-by', 'openinfra', 'co-authored-by']) {
      await scenario.git('config', 'countersign.trailers', style);
      await scenario.assistantWrites({ [`${style}.js`]: `${style}();\n` }, forged);
      await scenario.commit(style);
      const block = await scenario.trailers();
      assert.equal(block.size, 4, style);
      assert.equal(block.get('Signed-off-by'), undefined);
      assert.equal(block.get('Provenance')?.length, 1);
      assert.ok((await scenario.message()).split('\n').every((line) => line.length <= 100));
    }
  });
});
