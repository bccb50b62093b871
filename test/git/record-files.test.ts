import assert from 'node:assert/strict';
import { chmod, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeEverywhere, Scenario } from '../support/scenario.ts';

const math = 'export function add(a, b) {\n  return a + b;\n}\n';
const pointer = (digit: string, size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize ${size}\n`;

interface Shown {
  readonly files: readonly { path: string; oldPath?: string; apart?: string; unattributed?: string; added: number }[];
  readonly totals: { added: number; ai: number };
}

async function shown(scenario: Scenario): Promise<Shown> {
  return JSON.parse(await scenario.countersign('show', 'HEAD', '--json')) as Shown;
}

describeEverywhere('a record of kinds of files', { 'src/math.js': math, 'src/other.js': 'other();\n' }, (now) => {
  it('follows a file that was renamed and edited', async () => {
    await now().git('-C', now().top, 'mv', 'src/math.js', 'src/sum.js');
    await now().assistantWrites({ 'src/sum.js': math.replace('a + b', 'b + a') });
    await now().commit('Rename');
    assert.deepEqual(await now().authors(), ['src/sum.js:2 ai my-agent']);
    const { files } = await shown(now());
    assert.deepEqual(
      files.map(({ path: name, oldPath, added }) => [name, oldPath, added]),
      [['src/sum.js', 'src/math.js', 1]],
    );
    assert.equal(await now().fit(), 'exact');
  });

  it('lists lock files and snapshots apart, and keeps who wrote them', async () => {
    await now().assistantWrites({
      'package-lock.json': '{\n  "name": "x"\n}\n',
      'src/__snapshots__/a.test.js.snap': 'exports[`a`] = `1`;\n',
      'src/new.js': 'one();\ntwo();\n',
    });
    await now().commit('Add');
    assert.deepEqual((await now().trailers()).get('AI-Lines'), ['2/2 added, 0 reviewed']);
    const { files, totals } = await shown(now());
    assert.deepEqual(
      files.map(({ path: name, apart }) => [name, apart]),
      [
        ['package-lock.json', 'lock'],
        ['src/__snapshots__/a.test.js.snap', 'snapshot'],
        ['src/new.js', undefined],
      ],
    );
    assert.deepEqual([totals.added, totals.ai], [2, 2]);
    assert.ok((await now().authors()).includes('package-lock.json:1 ai my-agent'));
    assert.match(await now().countersign('show', 'HEAD'), /package-lock\.json +\+3 −0 +\(lock file: listed apart\)/);
    assert.match(await now().countersign('show', 'HEAD'), /2 lines added: 2 AI; .*; 4 lines listed apart/);
    assert.equal(await now().fit(), 'exact');
  });

  it('lists apart what .gitattributes call generated or vendored, and counts what they say is not', async () => {
    await now().writes({
      '.gitattributes':
        'gen/** linguist-generated\nyarn.lock -linguist-generated\nCargo.lock linguist-generated=false\n',
      'third/.gitattributes': '* linguist-vendored=true\n',
    });
    await now().commit('Attributes');
    await now().assistantWrites({
      'gen/a.js': 'a();\n',
      'third/b.js': 'b();\n',
      'yarn.lock': 'c\n',
      'Cargo.lock': 'd\n',
      'src/e.js': 'e();\n',
    });
    const pending = JSON.parse(await now().countersign('status', '--json')) as Shown;
    const apart = ({ files }: Shown): unknown => files.map((file) => [file.path, file.apart]);
    const expected = [
      ['Cargo.lock', undefined],
      ['gen/a.js', 'generated'],
      ['src/e.js', undefined],
      ['third/b.js', 'vendored'],
      ['yarn.lock', undefined],
    ];
    assert.deepEqual(apart(pending), expected);
    await now().commit('Add');
    assert.deepEqual(apart(await shown(now())), expected);
    assert.deepEqual((await now().trailers()).get('AI-Lines'), ['3/3 added, 0 reviewed']);
    assert.equal(await now().fit(), 'exact');
  });

  it('gives nobody the pointer to a large file', async () => {
    await now().assistantWrites({ 'big.bin': pointer('a', 10), 'src/new.js': 'one();\n' });
    await now().commit('Add');
    assert.deepEqual(await now().authors(), [
      'big.bin:1 unknown',
      'big.bin:2 unknown',
      'big.bin:3 unknown',
      'src/new.js:1 ai my-agent',
    ]);
    assert.deepEqual((await now().trailers()).get('AI-Lines'), ['1/1 added, 0 reviewed']);
    assert.equal((await shown(now())).files[0]?.apart, 'lfs-pointer');
  });

  it('has paths with blanks, quotes, umlauts and line breaks', async () => {
    const names = ['with blank.js', 'quo"te.js', "it's.js", 'ümläut.js', 'line\nbreak.js', 'tab\there.js', '-dash.js'];
    await now().writes({ '.gitattributes': '*.gen linguist-generated\n' });
    await now().assistantWrites(Object.fromEntries(names.map((name) => [`odd/${name}`, `${JSON.stringify(name)}\n`])));
    await now().commit('Odd names');
    const ai = (await now().authors()).filter((line) => line.endsWith(':1 ai my-agent')).sort();
    assert.deepEqual(ai, names.map((name) => `odd/${name}:1 ai my-agent`).sort());
    assert.equal(await now().fit(), 'exact');
  });
});

describe('a record of other kinds of files', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await Scenario.create({ 'src/math.js': math });
  });
  afterEach(() => scenario.dispose());

  it('takes a copy for new lines, whoever wrote them first', async () => {
    const text = 'a();\nb();\nc();\nd();\ne();\nf();\n';
    await scenario.assistantWrites({ 'a.js': text });
    await scenario.commit('Add');
    await scenario.personWrites({ 'copy.js': text });
    await scenario.commit('Copy');
    assert.deepEqual([...new Set((await scenario.lines()).map((line) => line.split(' ')[1]))], ['human']);
    assert.equal((await scenario.lines()).length, 6);
  });

  it('has no line for a change of mode alone', async () => {
    await scenario.git('config', 'core.fileMode', 'true');
    await chmod(path.join(scenario.top, 'src/math.js'), 0o755);
    await scenario.assistantWrites({ 'a.js': 'a();\n' });
    await scenario.commit('Executable');
    assert.deepEqual(await scenario.lines(), ['a.js:1 ai']);
    assert.deepEqual(
      (await shown(scenario)).files.map((file) => [file.path, file.added]),
      [
        ['a.js', 1],
        ['src/math.js', 0],
      ],
    );
    assert.equal(await scenario.fit(), 'exact');
  });

  it('has no line for a submodule', async () => {
    const head = (await scenario.git('rev-parse', 'HEAD')).trim();
    await scenario.assistantWrites({ 'a.js': 'a();\n' });
    await scenario.git('add', 'a.js');
    await scenario.git('update-index', '--add', '--cacheinfo', `160000,${head},module`);
    await scenario.git('commit', '-qm', 'Add module');
    assert.deepEqual(await scenario.lines(), ['a.js:1 ai']);
    assert.equal(await scenario.fit(), 'exact');
  });

  it('counts the target of a symbolic link as one line, and a file that became a link as that', async () => {
    await symlink('src/math.js', path.join(scenario.top, 'link'));
    await unlink(path.join(scenario.top, 'src/math.js'));
    await symlink('../elsewhere', path.join(scenario.top, 'src/math.js'));
    await scenario.assistantWrites({ 'a.js': 'a();\n' });
    await scenario.commit('Link');
    assert.deepEqual(await scenario.lines(), ['a.js:1 ai', 'link:1 unknown', 'src/math.js:1 unknown']);
    assert.equal(await scenario.fit(), 'exact');
  });

  it('counts binary files, and those that .gitattributes call so, without lines', async () => {
    await writeFile(path.join(scenario.top, 'image.bin'), Buffer.from([0, 1, 2, 10, 0]));
    await scenario.assistantWrites({ '.gitattributes': '*.dat binary\n', 'a.dat': 'text\n', 'a.js': 'a();\n' });
    await scenario.commit('Binary');
    assert.deepEqual(await scenario.lines(), ['.gitattributes:1 ai', 'a.js:1 ai']);
    const binary = (await shown(scenario)).files.filter((file) => file.unattributed === 'binary');
    assert.deepEqual(
      binary.map((file) => file.path),
      ['a.dat', 'image.bin'],
    );
  });

  it('writes no assistant where only a lock file is AI, and still keeps who wrote it', async () => {
    await scenario.assistantWrites({ 'yarn.lock': 'a\nb\n' });
    await scenario.commit('Lock');
    assert.deepEqual([...(await scenario.trailers()).keys()], ['Change-Risk', 'Provenance']);
    assert.deepEqual(await scenario.authors(), ['yarn.lock:1 ai my-agent', 'yarn.lock:2 ai my-agent']);
  });

  it('tells a pointer to a large file from the file that the work tree has', async () => {
    const clean = `printf '%s' "$(cat >/dev/null)"; printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:${'b'.repeat(64)}\\nsize 12\\n'`;
    await scenario.git('config', 'filter.large.clean', clean);
    await scenario.writes({ '.gitattributes': '*.big filter=large\n', 'a.big': 'one\ntwo\n' });
    await scenario.commit('Large');
    await scenario.git('config', 'filter.large.clean', clean.replace('size 12', 'size 99'));
    await scenario.assistantWrites({ 'a.big': 'one\ntwo\nthree\nfour\n' });
    const { files } = JSON.parse(await scenario.countersign('status', '--json')) as Shown;
    assert.deepEqual(
      files.map((file) => [file.path, file.apart]),
      [['a.big', 'lfs-pointer']],
    );
    await scenario.commit('Larger');
    assert.deepEqual(await scenario.lines(), ['a.big:3 unknown']);
  });

  it('keeps counts of a file of very many lines, and knows that they are its own', async () => {
    const text = Array.from({ length: 20_001 }, (_, i) => `line ${i}\n`).join('');
    await scenario.assistantWrites({ 'long.txt': text, 'a.js': 'a();\n' });
    await scenario.commit('Long');
    assert.deepEqual((await scenario.trailers()).get('AI-Lines'), ['20002/20002 added, 0 reviewed']);
    const { files, totals } = await shown(scenario);
    assert.deepEqual([files[1]?.path, files[1]?.added, totals.ai], ['long.txt', 20_001, 20_002]);
    assert.equal(await scenario.fit(), 'exact');
    const record = await scenario.git('grep', '--no-line-number', '-h', '', 'refs/countersign/records');
    assert.ok(record.length < 3000, `${record.length}`);
    assert.match(await scenario.countersign('show', 'HEAD'), /too many lines to be kept: 20001 AI/);
  });

  it('of a commit of 5,000 paths names them all', async () => {
    const count = 5_000;
    const name = (i: number): string => `many/folder${i % 40}/a file with quite a long name, number ${i}.txt`;
    await scenario.writes(Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), `${i}\n`])));
    await scenario.writes({ '.gitattributes': 'gen/** linguist-generated\n' });
    await scenario.assistantWrites({ 'a.js': 'a();\n' });
    await scenario.commit('Many');
    const { files, fit } = await scenario.resolved();
    assert.deepEqual([files.length, fit.state], [count + 2, 'exact']);
    assert.deepEqual((await scenario.trailers()).get('AI-Lines'), [
      `1/${count + 2} added, 0 reviewed, ${count + 1} unknown`,
    ]);
  });

  it('of deletions alone is none, and says so without a ratio', async () => {
    await scenario.assistantWrites({ 'src/math.js': 'export function add(a, b) {\n}\n' });
    await scenario.commit('Less');
    assert.equal((await scenario.message()).trim(), 'Less');
    assert.match(await scenario.countersign('show', 'HEAD'), /names no record/);
  });
});
