import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '../../src/core/digest.ts';
import { Git } from '../../src/git/git.ts';
import { signRecord } from '../../src/git/recordSignatures.ts';
import { storeFile } from '../../src/git/records.ts';
import { Scenario } from '../support/scenario.ts';
import { details, digestOf, verdict, verify } from '../support/verified.ts';

const run = promisify(execFile);

describe('verify of signatures', () => {
  let repository: Scenario;
  let git: Git;
  /** Of the person, and of somebody else: files with private keys, their public halves beside them. */
  let key: string;
  let other: string;

  beforeEach(async () => {
    repository = await Scenario.create({ 'base.js': 'base();\n' });
    git = new Git(repository.top, repository.project.env);
    key = await makeKey('own');
    other = await makeKey('other');
    await repository.git('config', 'gpg.format', 'ssh');
    await repository.git('config', 'user.signingKey', `${key}.pub`);
  });
  afterEach(() => repository.dispose());

  async function makeKey(name: string, passphrase = ''): Promise<string> {
    const file = path.join(repository.project.root, name);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', file]);
    return file;
  }

  /** Takes these keys' signatures for those of dev@example.com. */
  async function allow(options: string, ...keys: readonly string[]): Promise<void> {
    const file = path.join(repository.project.root, 'allowed signers');
    const lines = keys.map(async (name) => `dev@example.com ${options} ${await readFile(`${name}.pub`, 'utf8')}`);
    await writeFile(file, (await Promise.all(lines)).join(''));
    await repository.git('config', 'gpg.ssh.allowedSignersFile', file);
  }

  async function commit(...args: readonly string[]): Promise<void> {
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a', ...args);
  }

  async function signatures(): Promise<unknown[]> {
    const { commits } = await verify(repository.project, repository.cwd, 'HEAD');
    return commits.flatMap((entry) => entry.records.map(({ signature }) => signature));
  }

  describe('of commits', () => {
    it('says that a commit is signed, and by whom', async () => {
      await allow('', key);
      await commit('-S');
      assert.equal(await verdict(repository, 'HEAD'), '0 signed');
      const { commits } = await verify(repository.project, repository.cwd, 'HEAD');
      assert.deepEqual(commits[0]?.signature, { state: 'good', signer: 'dev@example.com' });
      const { stdout } = await repository.project.countersign(['verify', 'HEAD']);
      assert.match(stdout, / signed {10}Add a {2}\(signed by dev@example\.com\)\n/);
    });

    it('never calls a commit without one signed', async () => {
      await allow('', key);
      await commit();
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });

    it('finds a signature of another commit', async () => {
      await allow('', key);
      await commit('-S');
      const forged = (await repository.git('cat-file', 'commit', 'HEAD')).replace('Add a', 'Add b');
      const id = await repository.gitWith({ input: forged }, 'hash-object', '-t', 'commit', '-w', '--stdin');
      await repository.git('reset', '-q', '--soft', id.trim());
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault commit-signature');
    });

    it('tells a key that nobody vouches for', async () => {
      await allow('', other);
      await commit('-S');
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent: remark commit-signature');
    });

    it('cannot tell where nobody has said which keys count', async () => {
      await commit('-S');
      assert.equal(await verdict(repository, 'HEAD'), '2 could-not-tell: doubt commit-signature');
    });

    it('does not ask about a commit that names no record', async () => {
      await repository.git('commit', '-q', '-S', '--allow-empty', '-m', 'Nothing');
      assert.equal(await verdict(repository, 'HEAD'), '0 unattributed');
    });

    it('works in a repository with SHA-256 ids', async () => {
      await allow('', key);
      const { project } = repository;
      const modern = path.join(project.dir, 'modern');
      await project.git('init', '-q', '--object-format=sha256', modern);
      for (const setting of [
        'user.name',
        'user.email',
        'gpg.format',
        'user.signingKey',
        'gpg.ssh.allowedSignersFile',
      ]) {
        await project.gitWith({ cwd: modern }, 'config', setting, (await project.git('config', setting)).trim());
      }
      const message = `Nothing\n\nProvenance: sha256:${'a'.repeat(64)}`;
      await project.gitWith({ cwd: modern }, 'commit', '-q', '-S', '--allow-empty', '-m', message);
      const { code, commits } = await verify(project, modern, 'HEAD');
      assert.equal(code, 2);
      assert.equal(commits[0]?.signature.state, 'good');
    });
  });

  describe('of records', () => {
    it('says who signed the record', async () => {
      await allow('', other, key);
      await commit();
      await signRecord(git, await digestOf(repository));
      assert.deepEqual(await signatures(), [{ state: 'good', signer: 'dev@example.com' }]);
      assert.equal(await verdict(repository, 'HEAD'), '0 signed');
    });

    it('is stored beside the record, and made for nothing else', async () => {
      await commit();
      const digest = await digestOf(repository);
      await signRecord(git, digest);
      const tree = await repository.git('ls-tree', '-r', '--name-only', 'refs/countersign/records');
      assert.deepEqual(tree.trim().split('\n'), [
        `${digest.slice(0, 2)}/${digest}.json`,
        `${digest.slice(0, 2)}/${digest}.sig`,
      ]);
      const signature = await repository.git('show', `refs/countersign/records:${digest.slice(0, 2)}/${digest}.sig`);
      const bytes = Buffer.from(signature.replace(/-----.*-----/g, ''), 'base64').toString('latin1');
      assert.ok(bytes.startsWith('SSHSIG') && bytes.includes('countersign'));
    });

    it('tells a key that nobody vouches for', async () => {
      await commit();
      await signRecord(git, await digestOf(repository));
      assert.deepEqual(await signatures(), [{ state: 'stranger' }]);
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent: remark record-signature');
      await allow('', other);
      assert.deepEqual(await signatures(), [{ state: 'stranger' }]);
      await allow('namespaces="git"', key);
      assert.deepEqual(await signatures(), [{ state: 'stranger' }]);
    });

    it('takes a key that was valid when the record was made', async () => {
      await commit();
      await signRecord(git, await digestOf(repository));
      const day = (days: number): string =>
        new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
      await allow(`valid-after="${day(-2)}",valid-before="${day(2)}"`, key);
      assert.deepEqual(await signatures(), [{ state: 'good', signer: 'dev@example.com' }]);
      await allow(`valid-before="${day(-2)}"`, key);
      assert.deepEqual(await signatures(), [{ state: 'stranger' }]);
    });

    it('finds a signature of other bytes', async () => {
      await allow('', key);
      await commit();
      const digest = await digestOf(repository);
      const file = path.join(repository.project.root, 'other bytes');
      await writeFile(file, 'other bytes');
      await run('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'countersign', '-f', key, file]);
      await storeFile(git, `${digest.slice(0, 2)}/${digest}.sig`, await readFile(`${file}.sig`, 'utf8'));
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault record-signature');
      assert.deepEqual(await details(repository), [
        `the signature of record ${digest.slice(0, 12)} is bad: it is of something else`,
      ]);
    });

    it('finds a signature that is none', async () => {
      await commit();
      const digest = await digestOf(repository);
      await storeFile(git, `${digest.slice(0, 2)}/${digest}.sig`, 'trust me\n');
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault record-signature');
    });

    it('finds a signature by a key that was revoked', async () => {
      await allow('', key);
      await commit();
      await signRecord(git, await digestOf(repository));
      await repository.git('config', 'gpg.ssh.revocationFile', `${other}.pub`);
      assert.deepEqual(await signatures(), [{ state: 'good', signer: 'dev@example.com' }]);
      await repository.git('config', 'gpg.ssh.revocationFile', `${key}.pub`);
      assert.equal(await verdict(repository, 'HEAD'), '1 falls-short: fault record-signature');
      assert.deepEqual(await signatures(), [{ state: 'revoked' }]);
    });

    it('cannot tell where there is no ssh-keygen', async () => {
      await commit();
      await signRecord(git, await digestOf(repository));
      await repository.git('config', 'gpg.ssh.program', 'no-such-ssh-keygen');
      assert.equal(await verdict(repository, 'HEAD'), '2 could-not-tell: doubt record-signature');
      assert.match((await details(repository))[0] as string, /no-such-ssh-keygen is not here: install OpenSSH/);
      await assert.rejects(signRecord(git, await digestOf(repository)), /no-such-ssh-keygen is not here/);
    });

    it('signs with the public key itself as the setting, whose private half an agent holds', async () => {
      await allow('', key);
      await commit();
      const socket = path.join(repository.project.root, 'agent');
      const { stdout } = await run('ssh-agent', ['-a', socket]);
      const agent = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
      const before = process.env['SSH_AUTH_SOCK'];
      try {
        await run('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
        process.env['SSH_AUTH_SOCK'] = socket;
        await repository.git('config', 'user.signingKey', `key::${(await readFile(`${key}.pub`, 'utf8')).trim()}`);
        await signRecord(git, await digestOf(repository));
      } finally {
        if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
        else process.env['SSH_AUTH_SOCK'] = before;
        process.kill(agent);
      }
      assert.equal(await verdict(repository, 'HEAD'), '0 signed');
    });
  });

  describe('that a commit makes', () => {
    beforeEach(async () => {
      await allow('', key);
      await repository.git('config', 'countersign.signRecords', 'yes');
    });

    it('is there where it was asked for', async () => {
      await commit();
      assert.deepEqual(await signatures(), [{ state: 'good', signer: 'dev@example.com' }]);
      assert.equal(await verdict(repository, 'HEAD'), '0 signed');
    });

    it('is there for a record that only a note names', async () => {
      await commit('--no-verify');
      assert.deepEqual(await signatures(), [{ state: 'good', signer: 'dev@example.com' }]);
    });

    it('is not there where it was not', async () => {
      await repository.git('config', 'countersign.signRecords', 'no');
      await commit();
      assert.deepEqual(await signatures(), [{ state: 'none' }]);
    });

    it('is no reason to stop the commit, and what is missing is said', async () => {
      await repository.git('config', 'user.signingKey', '/no/such/key');
      await repository.assistantWrites({ 'a.js': 'a();\n' });
      await repository.git('add', '--all');
      const { dir, env } = repository.project;
      const { stderr } = await run('git', ['commit', '-q', '-m', 'Add a'], { cwd: dir, env });
      assert.match(
        stderr,
        /^countersign: the record of this commit is not signed: \/no\/such\/key does not sign: [^\n]+\n$/,
      );
      assert.equal(await verdict(repository, 'HEAD'), '0 consistent');
    });

    it('stays with the record through a rebase', async () => {
      await commit();
      await repository.git('checkout', '-q', '-b', 'upstream', 'HEAD~1');
      await repository.writes({ 'b.js': 'b();\n' });
      await repository.commit('Meanwhile');
      await repository.git('rebase', '-q', 'upstream', 'main');
      assert.equal(await verdict(repository, 'main'), '0 signed');
    });
  });

  describe('that cannot be made', () => {
    for (const [what, setting, value, reason] of [
      ['another format', 'gpg.format', 'openpgp', /set gpg\.format to ssh/],
      ['no key', 'user.signingKey', '', /set user\.signingKey to an SSH key/],
      ['a key that is not there', 'user.signingKey', '/no/such/key', /^Error: \/no\/such\/key does not sign: /],
    ] as const) {
      it(`says why: ${what}`, async () => {
        await commit();
        await repository.git('config', setting, value);
        await assert.rejects(signRecord(git, await digestOf(repository)), reason);
        assert.deepEqual(await signatures(), [{ state: 'none' }]);
      });
    }

    it('says that there is no such record', async () => {
      await assert.rejects(signRecord(git, sha256('nothing')), /there is no record/);
    });

    it('asks nobody for a passphrase', async () => {
      await commit();
      await repository.git('config', 'user.signingKey', await makeKey('locked', 'secret'));
      await assert.rejects(signRecord(git, await digestOf(repository)), /locked does not sign: /);
    });

    it('waits for nobody', async () => {
      await commit();
      const program = path.join(repository.project.root, 'waits');
      await writeFile(program, '#!/bin/sh\nsleep 60\n');
      await chmod(program, 0o755);
      await repository.git('config', 'gpg.ssh.program', program);
      const start = Date.now();
      await assert.rejects(signRecord(git, await digestOf(repository)), /waits took more than 3 s/);
      assert.ok(Date.now() - start < 15_000);
    });
  });
});
