import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Git } from '../../src/git/git.ts';
import { writeRecord } from '../../src/git/records.ts';
import { describeEverywhere, Scenario } from '../support/scenario.ts';
import { details, digestOf, reword, verdict, verify, withoutHooks } from '../support/verified.ts';

const base = { 'base.js': 'base();\n' };

const textOf = (file: string): string => `one(${file});\ntwo(${file});\nthree(${file});\n`;

/** An assistant writes two lines, a person one; the commit has trailers and a record. */
async function commitBoth(repository: Scenario, file = 'a.js', message = 'Add a'): Promise<void> {
  await repository.assistantWrites({ [file]: `one(${file});\ntwo(${file});\n` });
  await repository.personWrites({ [file]: textOf(file) });
  await repository.commit(message);
}

describeEverywhere('verify', base, (now) => {
  it('says of a commit made with the hooks that it is consistent', async () => {
    const { project, cwd, top } = now();
    await commitBoth(now());
    const { code, schema, range, commits, summary } = await verify(project, cwd, 'HEAD');
    assert.deepEqual({ code, schema, range }, { code: 0, schema: 'countersign/verify/1', range: 'HEAD' });
    assert.deepEqual(summary, { signed: 0, consistent: 1, 'falls-short': 0, 'could-not-tell': 0, unattributed: 0 });
    const [commit] = commits;
    assert.equal(commit?.subject, 'Add a');
    assert.deepEqual(commit?.fit, { state: 'exact' });
    assert.deepEqual([commit?.totals?.countsAsAi, commit?.totals?.added], [2, 3]);
    assert.deepEqual(commit?.records, [
      { digest: await digestOf(now()), source: 'trailer', state: 'found', signature: { state: 'none' } },
    ]);
    assert.deepEqual([commit?.verdict, commit?.signature, commit?.findings], ['consistent', { state: 'none' }, []]);
    assert.equal(await new Git(top).text(['status', '--porcelain']), '');
  });

  it('finds numbers that were changed by hand', async () => {
    await commitBoth(now());
    await reword(now(), (message) => message.replace('AI-Lines: 2/3', 'AI-Lines: 0/3'));
    assert.equal(await verdict(now(), 'HEAD'), '1 falls-short: fault contradiction');
    assert.deepEqual(await details(now()), [
      'AI-Lines says 0/3 added, 0 reviewed, its record has 2/3 added, 0 reviewed, 0 unknown',
    ]);
  });

  it('tells trailers that were taken out by hand', async () => {
    await commitBoth(now());
    await reword(now(), () => 'Add a\n');
    assert.equal(await verdict(now(), 'HEAD'), '1 falls-short: fault stripped-trailers');
  });

  it('knows a commit whose record is named by a note alone', async () => {
    await now().assistantWrites({ 'a.js': 'a();\n' });
    await now().commit('Add a', '--no-verify');
    assert.equal(await verdict(now(), 'HEAD'), '0 consistent: remark hooks-bypassed');
  });

  it('takes a clean rebase as it is', async () => {
    await now().git('checkout', '-q', '-b', 'side');
    await commitBoth(now());
    await commitBoth(now(), 'b.js', 'Add b');
    await now().git('checkout', '-q', '-b', 'upstream', 'side~2');
    await now().writes({ 'base.js': 'base();\nmore();\n' });
    await now().commit('Meanwhile');
    await withoutHooks(now(), 'rebase', '-q', 'upstream', 'side');
    assert.equal(await verdict(now(), 'upstream..side'), '0 consistent consistent');
  });
});

describe('verify', () => {
  let repository: Scenario;

  beforeEach(async () => {
    repository = await Scenario.create(base);
  });
  afterEach(() => repository.dispose());

  describe('of records', () => {
    it('counts a commit of which nothing is known as such', async () => {
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    it('finds bytes that are not what the digest says', async () => {
      await commitBoth(repository);
      await repository.git('update-ref', '-d', 'refs/countersign/records');
      await writeRecord(new Git(repository.top), await digestOf(repository), '{"forged":true}\n');
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault digest-mismatch');
    });

    it('finds what has the right digest and is no record', async () => {
      const digest = '5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5'; // of "12345"
      await writeRecord(new Git(repository.top), digest, '12345');
      await reword(repository, (message) => `${message}\n\nProvenance: sha256:${digest}\n`);
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault malformed-record');
    });

    it('cannot tell where the record is not here', async () => {
      await commitBoth(repository);
      await repository.git('update-ref', '-d', 'refs/countersign/records');
      assert.equal(await verdict(repository, 'HEAD'), '2 could-not-tell: doubt missing-record');
    });

    it('cannot tell where the record that a note names is not here', async () => {
      await repository.git('notes', '--ref=countersign', 'add', '-m', 'a'.repeat(64), 'HEAD');
      assert.equal(await verdict(repository, 'HEAD'), '2 could-not-tell: doubt missing-record, remark hooks-bypassed');
    });

    it('finds a commit that was changed since, and says how much of it fits', async () => {
      await commitBoth(repository);
      await repository.writes({ 'a.js': `${textOf('a.js')}four();\n` });
      await repository.git('add', '--all');
      await withoutHooks(repository, 'commit', '-q', '--amend', '--no-edit');
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault partial-fit, remark outdated-numbers');
      assert.deepEqual(await details(repository), [
        '3 of 4 added lines are in its records',
        'AI-Lines is of the commit before a squash or a conflict; now it is 2/4',
      ]);
    });

    it('takes an amend with the hooks as it is', async () => {
      await commitBoth(repository);
      await repository.assistantWrites({ 'a.js': `${textOf('a.js')}four();\n` });
      await repository.git('add', '--all');
      await repository.git('commit', '-q', '--amend', '--no-edit');
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });

    it('lets what is wrong win over what could not be told', async () => {
      await commitBoth(repository);
      await repository.git('update-ref', '-d', 'refs/countersign/records');
      await commitBoth(repository, 'b.js', 'Add b');
      await reword(repository, (message) => message.replace('2/3', '1/3'));
      assert.equal(
        await verdict(repository, 'HEAD~2..HEAD'),
        '1 falls-short: fault contradiction could-not-tell: doubt missing-record',
      );
    });
  });

  describe('of claims', () => {
    it('finds the digest of another commit', async () => {
      await commitBoth(repository);
      const digest = await digestOf(repository);
      await repository.writes({ 'b.js': 'other();\n' });
      await repository.git('add', '--all');
      await withoutHooks(repository, 'commit', '-q', '-m', `Add b\n\nProvenance: sha256:${digest}`);
      assert.match(await verdict(repository, 'HEAD'), /^1 falls-short: fault unrelated-record/);
    });

    it('finds a digest on a commit that adds no line', async () => {
      await commitBoth(repository);
      const message = await repository.message();
      await withoutHooks(repository, 'commit', '-q', '--allow-empty', '-m', message);
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault unrelated-record');
    });

    it('compares numbers with the record that fits, whichever else is named beside it', async () => {
      await repository.personWrites({ 'h.js': 'h();\n' });
      await repository.commit('Add h');
      const human = await digestOf(repository);
      await commitBoth(repository);
      await reword(repository, (message) =>
        `${message}\nProvenance: sha256:${human}`.replace(/AI-Lines: .*\n/, '').replace(/Assisted-by: .*\n/, ''),
      );
      assert.deepEqual(
        (await verdict(repository, 'HEAD')).split(', ').sort(),
        ['1 falls-short: remark unrelated-record', 'fault contradiction', 'fault contradiction'].sort(),
      );
    });

    it('finds numbers without a record', async () => {
      await reword(repository, (message) => `${message}\n\nAI-Lines: 0/1 added, 0 reviewed\n`);
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault unbacked-claim');
    });

    it("takes another tool's trailer of the same name for what it is", async () => {
      await reword(repository, (message) => `${message}\n\nAI-Lines: 42\n`);
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    it('finds numbers that are left where the digest was taken out', async () => {
      await commitBoth(repository);
      await reword(repository, (message) => message.replace(/\nProvenance: .*/, ''));
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault unbacked-claim, fault stripped-trailers');
    });

    for (const [what, from, to] of [
      ['a model', 'my-agent (m-1)', 'my-agent (m-2)'],
      ['an assistant', 'my-agent (m-1)', 'none'],
      ['the level of risk', /Change-Risk: \w+/, 'Change-Risk: none'],
      ['the score of risk', /\d+\/100/, '101/100'],
      ['the lines reviewed', '0 reviewed', '2 reviewed'],
      ['the lines unknown', '0 reviewed', '0 reviewed, 7 unknown'],
      ['the form of the numbers', /AI-Lines: .*/, 'AI-Lines: hardly any'],
      ['the lines of AI, by taking them out,', /AI-Lines: .*\n/, ''],
    ] as const) {
      it(`finds that ${what} was changed`, async () => {
        await commitBoth(repository);
        await reword(repository, (message) => message.replace(from, to));
        assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault contradiction');
      });
    }

    it('leaves more trailers to whoever wrote them', async () => {
      await commitBoth(repository);
      await reword(repository, (message) => `${message}\nAssisted-by: Jane Doe\nSigned-off-by: Dev <dev@example.com>`);
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });

    it('reads keys as git does, in any case and with blanks', async () => {
      await commitBoth(repository);
      await reword(repository, (message) => message.replace('AI-Lines: 2', 'ai-lines : 1'));
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault contradiction');
    });

    for (const [what, value] of [
      ['is cut short', 'sha256:abc'],
      ['is in capitals', `sha256:${'A'.repeat(64)}`],
      ['has words behind it', `sha256:${'a'.repeat(64)} or so`],
    ] as const) {
      it(`finds a digest that ${what}`, async () => {
        await reword(repository, (message) => `${message}\n\nProvenance: ${value}\n`);
        assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault unreadable-claim');
      });
    }

    it('leaves a Provenance trailer of another kind alone', async () => {
      await reword(repository, (message) => `${message}\n\nProvenance: a drawer in the attic\n`);
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    for (const [what, place] of [
      ['in prose', (line: string) => `See\n${line}\nfor more.\n\nSigned-off-by: Dev <dev@example.com>\n`],
      ['that is indented', (line: string) => `As it said:\n\n    ${line}\n`],
      ['in a block that is not the last', (line: string) => `${line}\n\nSigned-off-by: Dev <dev@example.com>\n`],
    ] as const) {
      it(`takes a digest ${what} for no claim`, async () => {
        await commitBoth(repository);
        const digest = await digestOf(repository);
        await repository.writes({ 'b.js': 'other();\n' });
        await repository.git('add', '--all');
        const message = `Add b\n\n${place(`Provenance: sha256:${digest}`)}`;
        await withoutHooks(repository, 'commit', '-q', '--cleanup=verbatim', '-m', message);
        assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
      });
    }

    it('is not misled by a trailer value that holds another trailer', async () => {
      await commitBoth(repository);
      await reword(repository, (message) => `${message}\nNote: x\x01Provenance: sha256:${'a'.repeat(64)}`);
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });

    it("reads trailers by git's own rules, whatever separators the person has set", async () => {
      await commitBoth(repository);
      await reword(repository, (message) => message.replace('2/3', '1/3'));
      await repository.git('config', 'trailer.separators', '=');
      assert.match(await verdict(repository, 'HEAD'), /^1 falls-short: fault contradiction/);
    });
  });

  describe('of trailers that are not there', () => {
    it('finds nothing wrong where the repository has switched them off', async () => {
      await commitBoth(repository);
      await reword(repository, () => 'Add a\n');
      await repository.git('config', 'countersign.trailers', 'none');
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    it('accuses nobody of a change that another commit has a record of', async () => {
      await commitBoth(repository);
      await repository.git('rm', '-q', 'a.js');
      await repository.commit('Remove a');
      await repository.writes({ 'a.js': textOf('a.js') });
      await repository.git('add', '--all');
      await withoutHooks(repository, 'commit', '-q', '-m', 'By hand');
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    it('takes a forged record in the store for no evidence', async () => {
      await commitBoth(repository);
      const digest = await digestOf(repository);
      const record = await repository.git('show', `refs/countersign/records:${digest.slice(0, 2)}/${digest}.json`);
      await repository.git('update-ref', '-d', 'refs/countersign/records');
      await writeRecord(new Git(repository.top), 'b'.repeat(64), record);
      await reword(repository, () => 'Add a\n');
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });
  });

  describe('of a rewritten history', () => {
    it('fits a squash to all the digests in its message', async () => {
      await commitBoth(repository);
      await commitBoth(repository, 'b.js', 'Add b');
      const messages = `${await repository.message('HEAD~1')}\n${await repository.message('HEAD')}`;
      await withoutHooks(repository, 'reset', '-q', '--soft', 'HEAD~2');
      await withoutHooks(repository, 'commit', '-q', '-m', messages);
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent: remark outdated-numbers');
      assert.deepEqual(await details(repository), [
        'AI-Lines is of the commit before a squash or a conflict; now it is 4/6',
      ]);
    });

    it('cannot tell of a squash when one of its records is not here', async () => {
      await commitBoth(repository);
      const first = await repository.message();
      await repository.git('update-ref', '-d', 'refs/countersign/records');
      await commitBoth(repository, 'b.js', 'Add b');
      const messages = `${first}\n${await repository.message()}`;
      await withoutHooks(repository, 'reset', '-q', '--soft', 'HEAD~2');
      await withoutHooks(repository, 'commit', '-q', '-m', messages);
      assert.equal(
        await verdict(repository, 'HEAD'),
        '2 could-not-tell: doubt missing-record, remark outdated-numbers',
      );
      assert.match(
        (await details(repository))[0] as string,
        /^3 of 6 added lines .* may be in [0-9a-f]{12}, not here$/,
      );
    });

    it('tells what a squash knows that claims nothing', async () => {
      await commitBoth(repository);
      const message = (await repository.message()).trimEnd();
      await reword(repository, () => `${message}\n\nCo-authored-by: Jane <jane@example.com>\n`);
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent: remark mentioned-record');
    });

    it('finds what a conflict changed', async () => {
      await repository.git('checkout', '-q', '-b', 'side');
      await repository.assistantWrites({ 'base.js': 'side();\n', 'new.js': 'new();\n' });
      await repository.commit('Change base');
      await repository.git('checkout', '-q', 'main');
      await repository.writes({ 'base.js': 'main();\n' });
      await repository.commit('Meanwhile');
      await repository.gitFails('rebase', '-q', 'main', 'side');
      await repository.writes({ 'base.js': 'resolved();\n' });
      await repository.git('add', '--all');
      await withoutHooks(repository, '-c', 'core.editor=true', 'rebase', '--continue');
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault partial-fit');
      assert.deepEqual(await details(repository), ['1 of 2 added lines are in its records']);
    });

    it('takes a clean merge for a commit without lines', async () => {
      await repository.git('checkout', '-q', '-b', 'side');
      await commitBoth(repository);
      await repository.git('checkout', '-q', 'main');
      await commitBoth(repository, 'b.js', 'Add b');
      await repository.git('merge', '-q', '--no-edit', 'side');
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
      assert.equal(await verdict(repository, 'HEAD^2^..HEAD'), '0 unattributed consistent consistent');
    });

    it('takes a cherry-pick as it is', async () => {
      await repository.git('checkout', '-q', '-b', 'side');
      await commitBoth(repository);
      await repository.git('checkout', '-q', 'main');
      await repository.writes({ 'c.js': 'c();\n' });
      await repository.commit('Meanwhile');
      await repository.git('cherry-pick', '-x', 'side');
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });
  });

  describe('of what git has not', () => {
    it('cannot tell at the edge of a shallow clone', async () => {
      await commitBoth(repository);
      await commitBoth(repository, 'b.js', 'Add b');
      const { project, top } = repository;
      const clone = path.join(project.home, 'clone');
      await project.git('clone', '-q', '--depth=1', `file://${top}`, clone);
      const inClone = { cwd: clone };
      await project.gitWith(inClone, 'fetch', '-q', 'origin', 'refs/countersign/records:refs/countersign/records');
      const { code, commits } = await verify(project, clone, 'HEAD');
      assert.equal(code, 2);
      assert.deepEqual([commits[0]?.fit, commits[0]?.totals], [null, null]);
      assert.deepEqual(
        commits[0]?.findings.map(({ kind }) => kind),
        ['shallow'],
      );
      await project.gitWith(inClone, 'fetch', '-q', '--deepen=1');
      assert.equal((await verify(project, clone, 'HEAD')).code, 0);
    });

    it('reads on behind a commit of which an object is missing', async () => {
      await commitBoth(repository);
      await commitBoth(repository, 'b.js', 'Add b');
      const blob = (await repository.git('rev-parse', 'HEAD~1:a.js')).trim();
      await rm(path.join(repository.place.repository.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)));
      // Git would take the text from the work tree.
      await repository.writes({ 'a.js': null });
      const { code, commits } = await verify(repository.project, repository.cwd, 'HEAD~2..HEAD');
      assert.equal(code, 2);
      assert.deepEqual(
        commits.map((commit) => [commit.verdict, ...commit.findings.map(({ kind }) => kind)]),
        [['consistent'], ['could-not-tell', 'unreadable-commit']],
      );
    });

    it('works in a bare clone', async () => {
      await commitBoth(repository);
      const bare = path.join(repository.project.home, 'bare.git');
      await repository.git('clone', '-q', '--mirror', '.', bare);
      assert.equal((await verify(repository.project, bare, 'main')).code, 0);
      assert.equal((await verify(repository.project, bare, 'main')).summary['consistent'], 1);
    });
  });

  describe('of ranges', () => {
    it('takes HEAD alone where there is no upstream', async () => {
      await commitBoth(repository);
      await commitBoth(repository, 'b.js', 'Add b');
      const { range, commits } = await verify(repository.project, repository.cwd);
      assert.deepEqual([range, commits.map(({ subject }) => subject)], ['HEAD', ['Add b']]);
    });

    it('takes what is not upstream yet', async () => {
      const { project, cwd } = repository;
      await commitBoth(repository);
      await repository.git('branch', 'published');
      await repository.git('branch', '-q', '--set-upstream-to=published');
      assert.equal(await verdict(repository), '0');
      await commitBoth(repository, 'b.js', 'Add b');
      await commitBoth(repository, 'c.js', 'Add c');
      const { range, commits } = await verify(project, cwd);
      assert.deepEqual([range, commits.map(({ subject }) => subject)], ['@{upstream}..HEAD', ['Add c', 'Add b']]);
    });

    it('takes a single revision for that one commit, and --all for every one', async () => {
      await commitBoth(repository);
      await repository.git('checkout', '-q', '-b', 'side', 'HEAD~1');
      await commitBoth(repository, 'b.js', 'Add b');
      assert.equal(await verdict(repository, 'main'), '0 consistent');
      const { commits } = await verify(repository.project, repository.cwd, '--all');
      assert.deepEqual(commits.map(({ subject }) => subject).sort(), ['Add a', 'Add b', 'Start']);
    });

    for (const args of [
      ['no-such-branch'],
      ['no-such..HEAD'],
      ['--output=x'],
      ['HEAD', 'HEAD~1'],
      ['--all', 'HEAD'],
      ['-n1..HEAD'],
    ]) {
      it(`says what is wrong with ${args.join(' ')}, with exit code 2`, async () => {
        const { project, cwd } = repository;
        const { code, stdout, stderr } = await project.countersign(['verify', ...args], { cwd });
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, /^countersign: [^\n]+\n$/);
      });
    }

    it('says outside a repository that it cannot tell', async () => {
      const { project } = repository;
      const { code, stderr } = await project.countersign(['verify'], { cwd: project.home });
      assert.equal(code, 2);
      assert.match(stderr, /is not in a git repository/);
    });

    it('says in a repository without commits what is missing', async () => {
      const { project } = repository;
      await project.git('init', '-q', 'empty');
      const { code, stderr } = await project.countersign(['verify'], { cwd: path.join(project.dir, 'empty') });
      assert.equal(code, 2);
      assert.match(stderr, /HEAD is not a commit/);
    });
  });

  describe('in words', () => {
    async function words(...args: readonly string[]): Promise<string> {
      const { project, cwd } = repository;
      return (await project.countersign(['verify', ...args], { cwd })).stdout;
    }

    it('is a line for each commit with something to say of, and a summary', async () => {
      await commitBoth(repository);
      await commitBoth(repository, 'b.js', 'Add b');
      await reword(repository, (message) => message.replace('2/3', '1/3'));
      const ids = (await repository.git('log', '--format=%H', '--abbrev=12')).split('\n').map((id) => id.slice(0, 12));
      assert.equal(
        await words('--all'),
        [
          `${ids[0]}  falls short     Add b  (AI-Lines says 1/3 added, 0 reviewed, its record has 2/3 added, 0 reviewed, 0 unknown)`,
          '3 commits in --all: 1 consistent, 1 falls short, 1 nothing known',
          '',
        ].join('\n'),
      );
      assert.equal(await words('HEAD~1'), `${ids[1]}  consistent      Add a\n1 commit in HEAD~1: 1 consistent\n`);
    });

    it('lets nothing in a commit command the terminal', async () => {
      await commitBoth(repository, 'a.js', 'Add \x1b[31mred\x1b[0m \x07 \x9b2J a');
      await reword(repository, (message) => message.replace('0 reviewed', '0 \x1b]0;title\x07reviewed'));
      const text = await words('HEAD');
      assert.match(text, /falls short/);
      assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
    });

    it('says that there is nothing to check', async () => {
      assert.equal(await words('HEAD..HEAD'), 'no commits in HEAD..HEAD\n');
    });
  });
});
