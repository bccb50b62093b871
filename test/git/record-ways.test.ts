import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeEverywhere, Scenario } from '../support/scenario.ts';

const math = 'export function add(a, b) {\n  return a + b;\n}\n';
const ten = Array.from({ length: 10 }, (_, i) => `const line${i} = ${i};\n`);

/** Puts a text into the index alone, as `git add -p` does: nobody has ever seen it in the work tree. */
async function stage(scenario: Scenario, name: string, text: string): Promise<void> {
  const id = (await scenario.gitWith({ input: text }, 'hash-object', '-w', '--stdin')).trim();
  await scenario.git('update-index', '--add', '--cacheinfo', `100644,${id},${name}`);
}

async function pending(scenario: Scenario, ...args: string[]): Promise<string[]> {
  const answer = JSON.parse(await scenario.countersign('status', '--json', ...args)) as {
    files: { path: string; spans: { start: number; end: number; class: string }[] }[];
  };
  return answer.files.flatMap(({ path: name, spans }) =>
    spans.map(({ start, end, class: kind }) => `${name}:${start}-${end} ${kind}`),
  );
}

describeEverywhere('a record of a way to commit', { 'src/math.js': math, 'a.js': 'old();\n' }, (now) => {
  it('-a has what is not staged', async () => {
    await now().assistantWrites({ 'src/math.js': math.replace('a + b', 'b + a') });
    await now().git('commit', '-qam', 'Swap');
    assert.deepEqual([await now().lines(), await now().fit()], [['src/math.js:2 ai'], 'exact']);
  });

  it('a path alone has what is in the work tree there, and the rest stays staged', async () => {
    await now().assistantWrites({ 'a.js': 'old();\nnew();\n', 'b.js': 'b();\n' });
    await now().git('add', '--all', ':/');
    await now().personWrites({ 'a.js': 'old();\nnew();\nmine();\n' });
    await now().git('commit', '-qm', 'Only a', '--', ':/a.js');
    assert.deepEqual(await now().lines(), ['a.js:2 ai', 'a.js:3 human']);
    assert.equal(await now().fit(), 'exact');
    assert.deepEqual(await pending(now(), '--staged'), ['b.js:1-1 ai']);
  });

  it('--include has what is staged and the path', async () => {
    await now().assistantWrites({ 'b.js': 'b();\n' });
    await now().git('add', '--all', ':/');
    await now().personWrites({ 'a.js': 'old();\nmine();\n' });
    await now().git('commit', '-qm', 'Both', '--include', ':/a.js');
    assert.deepEqual(await now().lines(), ['a.js:2 human', 'b.js:1 ai']);
    assert.equal(await now().fit(), 'exact');
  });

  it('some hunks of a file, never seen by themselves, has their authors, and so has what stays behind', async () => {
    const [first, last] = ['// from AI\n', '// from a person\n'];
    await now().writes({ 'long.js': ten.join('') });
    await now().commit('Long');
    const [head, rest] = [ten.slice(0, 5).join(''), ten.slice(5).join('')];
    await now().assistantWrites({ 'long.js': `${first}${head}${rest}ai();\n` });
    await now().personWrites({ 'long.js': `${first}${head}${last}${rest}ai();\n` });
    await stage(now(), 'long.js', `${head}${last}${rest}ai();\n`);
    assert.deepEqual(await pending(now(), '--staged'), ['long.js:6-6 human', 'long.js:12-12 ai']);
    await now().git('commit', '-qm', 'Some hunks');
    assert.deepEqual(await now().lines(), ['long.js:6 human', 'long.js:12 ai']);
    assert.equal(await now().fit(), 'exact');
    assert.deepEqual(await pending(now()), ['long.js:1-1 ai']);
    await now().git('commit', '-qam', 'The rest');
    assert.deepEqual([await now().lines(), await now().fit()], [['long.js:1 ai'], 'exact']);
  });

  it('an amend has the whole commit, and the trailers once', async () => {
    await now().assistantWrites({ 'b.js': 'b();\n' });
    await now().commit('Add b');
    await now().personWrites({ 'c.js': 'c();\n' });
    await now().git('add', '--all', ':/');
    await now().git('commit', '-q', '--amend', '--no-edit');
    assert.deepEqual([await now().lines(), await now().fit()], [['b.js:1 ai', 'c.js:1 human'], 'exact']);
    const block = await now().trailers();
    assert.deepEqual(block.get('AI-Lines'), ['1/2 added, 0 reviewed']);
    assert.equal(block.get('Provenance')?.length, 1);
  });

  it('a merge with conflicts has the lines of the resolution alone', async () => {
    await now().git('checkout', '-qb', 'side');
    await now().assistantWrites({ 'src/math.js': math.replace('a + b', 'a + b + 0'), 'side.js': 'side();\n' });
    await now().commit('Side');
    await now().git('checkout', '-q', '-b', 'other', 'HEAD~1');
    await now().personWrites({ 'src/math.js': math.replace('a + b', '0 + a + b') });
    await now().commit('Other');
    await now().gitFails('merge', '-q', 'side');
    await now().assistantWrites({ 'src/math.js': math.replace('a + b', 'sum(a, b)') });
    await now().commit('Merge');
    assert.deepEqual([await now().lines(), await now().fit()], [['src/math.js:2 ai'], 'exact']);
    assert.deepEqual((await now().trailers()).get('AI-Lines'), ['1/1 added, 0 reviewed']);
  });

  it('a pre-commit hook that stages anew is of the final text', async () => {
    const top = now().top;
    await now().hook('pre-commit', `#!/bin/sh\ncd '${top}' && printf 'b(  );\\nc();\\n' > b.js && git add b.js\n`);
    await now().assistantWrites({ 'b.js': 'b();\n' });
    await now().commit('Add b');
    assert.deepEqual([await now().lines(), await now().fit()], [['b.js:1 ai', 'b.js:2 unknown'], 'exact']);
  });
});

describe('a record of another way to commit', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create({ 'src/math.js': math, 'a.js': 'old();\n' });
  });
  afterEach(() => scenario.dispose());

  it('a line that was cut on its way into the index is mixed, and in the work tree all its own', async () => {
    await scenario.assistantWrites({ 'a.js': 'old();\nconst x = first(second, third);\n' });
    await stage(scenario, 'a.js', 'old();\nconst x = first(second);\n');
    await scenario.git('commit', '-qm', 'Part');
    assert.deepEqual(await scenario.lines(), ['a.js:2 mixed']);
    await scenario.git('commit', '-qam', 'Rest');
    assert.deepEqual(await scenario.lines(), ['a.js:2 ai']);
  });

  it('what was staged in part before the work tree lost it keeps its authors', async () => {
    const block = 'function first() {\n  return compute(1);\n}\n';
    const other = 'function second() {\n  return compute(2);\n}\n';
    await scenario.assistantWrites({ 'a.js': `old();\n${block}${other}` });
    await stage(scenario, 'a.js', `old();\n${block}`);
    await scenario.personWrites({ 'a.js': `old();\n${other}` });
    await scenario.git('commit', '-qm', 'What is gone');
    assert.deepEqual(await scenario.lines(), ['a.js:2 ai', 'a.js:3 ai', 'a.js:4 ai']);
    assert.deepEqual(await pending(scenario), ['a.js:2-3 ai']);
  });

  it('a line that was staged before a person changed it keeps its author', async () => {
    const line = 'const total = compute(first, second);\n';
    await scenario.assistantWrites({ 'a.js': `old();\n${line}other();\n` });
    await stage(scenario, 'a.js', `old();\n${line}`);
    await scenario.personWrites({ 'a.js': 'old();\nconst sum = compute(first, third);\nother();\n' });
    await scenario.git('commit', '-qm', 'What was staged');
    assert.deepEqual(await scenario.lines(), ['a.js:2 ai']);
    assert.deepEqual(await pending(scenario), ['a.js:2-2 human', 'a.js:3-3 ai']);
  });

  it('the first commit of a branch without history has all lines', async () => {
    await scenario.git('checkout', '-q', '--orphan', 'fresh');
    await scenario.git('rm', '-rqf', '.');
    await scenario.assistantWrites({ 'first.js': 'first();\n' });
    await scenario.commit('First');
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['first.js:1 ai'], 'exact']);
    await scenario.personWrites({ 'second.js': 'second();\n' });
    await scenario.git('add', '--all');
    await scenario.git('commit', '-q', '--amend', '--no-edit');
    assert.deepEqual(await scenario.lines(), ['first.js:1 ai', 'second.js:1 human']);
    assert.equal(await scenario.fit(), 'exact');
  });

  it('a file that is only intended to be added is no part of it', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n', 'later.js': 'later();\n' });
    await scenario.git('add', 'b.js');
    await scenario.git('add', '--intent-to-add', 'later.js');
    await scenario.git('commit', '-qm', 'Add b');
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['b.js:1 ai'], 'exact']);
    await scenario.git('commit', '-qam', 'Add later');
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['later.js:1 ai'], 'exact']);
  });

  it('an octopus merge has the lines that no parent has', async () => {
    for (const branch of ['one', 'two']) {
      await scenario.git('checkout', '-q', '-b', branch, 'main');
      await scenario.assistantWrites({ [`${branch}.js`]: `${branch}();\n` });
      await scenario.commit(branch);
    }
    await scenario.git('checkout', '-q', 'main');
    await scenario.git('merge', '-q', '--no-commit', '--no-ff', 'one', 'two');
    await scenario.personWrites({ 'own.js': 'own();\n' });
    await scenario.commit('Octopus');
    assert.equal((await scenario.git('rev-list', '--parents', '-1', 'HEAD')).split(' ').length, 4);
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['own.js:1 human'], 'exact']);
    assert.equal((await scenario.trailers()).get('Assisted-by'), undefined);
  });

  it('a merge without conflict has no record, and its message stays', async () => {
    await scenario.git('checkout', '-q', '-b', 'side');
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.commit('Side');
    await scenario.git('checkout', '-q', 'main');
    await scenario.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    assert.equal((await scenario.message()).trim(), 'Merge side');
    assert.equal(await scenario.fit(), 'none');
  });

  it('a hook that formats what is staged, with the rest put away meanwhile, is of the formatted text', async () => {
    await scenario.assistantWrites({ 'a.js': 'old();\nnew( 1 );\n' });
    await scenario.git('add', 'a.js');
    await scenario.personWrites({ 'a.js': 'old();\nnew( 1 );\nmine();\n' });
    const hook = [
      '#!/bin/sh',
      'cp a.js a.unstaged && git show :a.js > a.js',
      'sed "s/( 1 )/(1)/" a.js > a.formatted && mv a.formatted a.js && git add a.js',
      'sed "s/( 1 )/(1)/" a.unstaged > a.js && rm a.unstaged',
      '',
    ];
    await scenario.hook('pre-commit', hook.join('\n'));
    await scenario.git('commit', '-qm', 'Formatted');
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['a.js:2 ai'], 'exact']);
    assert.deepEqual(await pending(scenario), ['a.js:3-3 human']);
  });

  it('two commits of one session have a record each', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.commit('Add b');
    await scenario.assistantWrites({ 'c.js': 'c();\n' });
    await scenario.commit('Add c');
    assert.deepEqual([await scenario.lines('HEAD~1'), await scenario.lines()], [['b.js:1 ai'], ['c.js:1 ai']]);
    const digests = [await scenario.trailers('HEAD~1'), await scenario.trailers()].map((block) =>
      block.get('Provenance'),
    );
    assert.notDeepEqual(digests[0], digests[1]);
  });

  it('a commit of a person alone names no assistant that was at work before', async () => {
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.commit('Add b');
    await scenario.personWrites({ 'b.js': 'b();\nmine();\n' });
    await scenario.commit('By hand');
    assert.deepEqual([...(await scenario.trailers()).keys()], ['Change-Risk', 'Provenance']);
    assert.deepEqual(await scenario.lines(), ['b.js:2 human']);
  });

  it('an edit of the second of two equal blocks is that one', async () => {
    const block = 'if (ready) {\n  go();\n}\n';
    await scenario.writes({ 'twice.js': block + block });
    await scenario.commit('Twice');
    await scenario.assistantWrites({ 'twice.js': block + block.replace('go', 'run') });
    await scenario.commit('Second');
    assert.deepEqual(await scenario.lines(), ['twice.js:5 ai']);
  });

  it('a commit-msg hook of somebody else that rewrites the message leaves a record that is found', async () => {
    const file = path.join(scenario.place.repository.commonDir, 'hooks/commit-msg');
    const ours = await readFile(file, 'utf8');
    await writeFile(file, `${ours}\ngrep -v '^Provenance' "$1" > "$1.cut" && mv "$1.cut" "$1"\n`, { mode: 0o755 });
    await scenario.assistantWrites({ 'b.js': 'b();\n' });
    await scenario.commit('Add b');
    assert.deepEqual([await scenario.lines(), await scenario.fit()], [['b.js:1 ai'], 'exact']);
  });
});
