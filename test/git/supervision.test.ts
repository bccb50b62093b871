import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Actions } from '../../src/core/actions.ts';
import { type Finished, runProgram } from '../support/program.ts';
import { Project } from '../support/project.ts';
import { trailers } from '../support/reports.ts';

/** What `--json` tells of commands: `destructive 1 claude: terraform destroy`. */
function told(json: string): string[] {
  const { actions } = JSON.parse(json) as { actions: Actions[] };
  return actions.map(({ class: name, count, tools, what }) => `${name} ${count} ${tools.join()}: ${what.join()}`);
}

describe('supervision of commands', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\n' });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  let calls = 0;

  function claude(event: 'PreToolUse' | 'PostToolUse', command: string, more: object = {}): Promise<Finished> {
    const payload = {
      hook_event_name: event,
      session_id: 's-1',
      cwd: project.dir,
      tool_name: 'Bash',
      tool_use_id: `call-${calls}`,
      tool_input: { command },
      ...more,
    };
    return project.countersign(['hook', 'claude'], { input: JSON.stringify(payload), cwd: project.dir });
  }

  /** An assistant's command, from before to after. */
  async function runs(command: string, more: object = {}): Promise<void> {
    calls++;
    for (const event of ['PreToolUse', 'PostToolUse'] as const) {
      const { code, stdout, stderr } = await claude(event, command, more);
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' });
    }
  }

  async function asksFor(command: string): Promise<Finished & { verdict: unknown }> {
    calls++;
    const finished = await claude('PreToolUse', command);
    assert.equal(finished.code, 0, finished.stderr);
    const answer = finished.stdout === '' ? undefined : JSON.parse(finished.stdout);
    return { ...finished, verdict: answer?.hookSpecificOutput };
  }

  const pending = async (): Promise<string[]> => told(await project.countersignOutput('status', '--json'));
  const shown = async (revision = 'HEAD'): Promise<string[]> =>
    told(await project.countersignOutput('show', revision, '--json'));

  async function commit(...args: string[]): Promise<void> {
    await project.git('commit', '--quiet', '--all', '--message=Change', ...args);
  }

  /** A change of nobody known, for a commit to have something. */
  const changes = (text: string): Promise<void> => project.write({ 'a.js': text });

  it('are in the record and the trailers of the next commit, and of no other', async () => {
    await runs('terraform destroy -auto-approve -var password=hunter2');
    await runs('npm test');
    await runs('ls');
    const expected = ['destructive 1 claude: terraform destroy', 'test-run 1 claude: npm test'];
    assert.deepEqual(await pending(), expected);
    await changes('one();\ntwo();\n');
    assert.match(
      await project.countersignOutput('status'),
      /^commands by assistants: 1 destructive \(terraform destroy, Claude Code\), 1 test-run \(npm test, Claude Code\)$/m,
    );
    await commit();
    assert.deepEqual(await shown(), expected);
    assert.match(await project.countersignOutput('show', 'HEAD'), /^commands by assistants: 1 destructive/m);
    assert.match((await trailers(project)).get('Change-Risk')?.[0] ?? '', /^high 80\/100 \(agent-action/);
    assert.deepEqual(await pending(), []);
    await changes('three();\n');
    await commit();
    assert.deepEqual(await shown(), []);
    assert.equal((await trailers(project)).get('Change-Risk'), undefined);
    assert.equal((await project.countersign(['verify', 'HEAD~2..HEAD'])).code, 0);
  });

  it('are told again by a commit that takes the place of the one that told them', async () => {
    await runs('terraform destroy');
    await changes('two();\n');
    // An amend within the same second cannot be told from a new commit before it is made.
    await commit('--date=2020-01-01T00:00:00Z');
    await runs('sudo true');
    const both = ['destructive 1 claude: terraform destroy', 'privilege 1 claude: sudo'];
    await changes('three();\n');
    await commit('--amend');
    assert.deepEqual(await shown(), both);
    await project.git('reset', '--soft', 'HEAD~1');
    assert.deepEqual(await pending(), both);
    await commit();
    assert.deepEqual(await shown(), both);
  });

  it('are told again also where git showed only afterwards that the commit was an amend', async () => {
    await runs('terraform destroy');
    await changes('two();\n');
    await runs('sudo true');
    // Dated to come, so that however long this takes the amend has HEAD's date before it is past.
    const later = { GIT_AUTHOR_DATE: '2099-01-01T00:00:00Z' };
    await project.gitWith({ env: later }, 'commit', '--quiet', '--all', '--message=Change');
    await runs('terraform taint x');
    await changes('three();\n');
    await project.git('commit', '--quiet', '--all', '--amend', '--message=Change');
    assert.deepEqual(
      (await shown()).map((actions) => actions.split(' ')[0]),
      ['destructive', 'privilege'],
    );
    assert.match((await shown()).join(), /terraform destroy,terraform taint/);
    await changes('four();\n');
    await commit();
    assert.deepEqual(await shown(), []);
  });

  it('stay in the worktree they were run in', async () => {
    const linked = path.join(project.home, 'linked');
    await project.git('worktree', 'add', '--quiet', linked);
    await runs('terraform destroy', { cwd: linked });
    assert.deepEqual(await pending(), []);
    const there = await project.countersign(['status', '--json'], { cwd: linked });
    assert.deepEqual(told(there.stdout), ['destructive 1 claude: terraform destroy']);
  });

  it('are in the record of a commit that the same command makes', async () => {
    calls++;
    const command = 'terraform destroy && git commit -am Change';
    await claude('PreToolUse', command);
    assert.deepEqual(await pending(), []);
    await changes('two();\n');
    await project.gitWith({ env: { CLAUDE_CODE_SESSION_ID: 's-1' } }, 'commit', '--quiet', '--all', '--message=Change');
    await claude('PostToolUse', command);
    assert.deepEqual(await shown(), ['destructive 1 claude: terraform destroy']);
    assert.deepEqual(await pending(), []);
  });

  it('are counted once where two hooks tell of the same call', async () => {
    await runs('terraform destroy');
    await claude('PostToolUse', 'terraform destroy');
    assert.deepEqual(await pending(), ['destructive 1 claude: terraform destroy']);
  });

  it('make no record by test runs alone', async () => {
    await runs('npm test');
    await changes('two();\n');
    await commit();
    assert.equal((await trailers(project)).size, 0);
  });

  it('leave none of their words on disk but those of the rules', async () => {
    await runs('psql -h db.example.com -c "DROP TABLE hunter2" && rm -rf /srv/hunter2');
    const log = await readFile(path.join(project.dir, '.git/countersign/actions.ndjson'), 'utf8');
    assert.ok(log.includes('DROP') && log.includes('rm -r'));
    assert.ok(!/hunter2|example/.test(log), log);
  });

  describe('by a policy', () => {
    const policy = (commands: object, more: object = {}): Promise<void> =>
      project.write({ '.countersign.json': JSON.stringify({ version: 1, commands, ...more }) });

    it('deny, ask, or let a command run', async () => {
      await policy({ destructive: 'deny', credentials: 'ask', 'test-run': 'record' }, { later: true });
      assert.deepEqual((await asksFor('terraform destroy -var x=hunter2')).verdict, {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason:
          'the policy denies destructive commands: terraform destroy takes infrastructure down (Countersign)',
      });
      const { verdict } = await asksFor('cat .env');
      assert.equal((verdict as { permissionDecision: string }).permissionDecision, 'ask');
      assert.equal((await asksFor('npm test')).stdout, '');
      assert.equal((await asksFor('sudo ls')).stdout, '');
      const { stdout } = await project.countersign(['doctor']);
      assert.match(stdout, /^ok +policy for commands: destructive deny, credentials ask$/m);
      // What was denied has not run.
      assert.deepEqual(await pending(), []);
    });

    it('is told by an exit code where the assistant takes no other answer, and by no other', async () => {
      await policy({ destructive: 'deny', 'test-run': 'record' });
      await project.countersignOutput('install', '--agents', 'windsurf');
      const settings = await readFile(path.join(project.home, '.codeium/windsurf/hooks.json'), 'utf8');
      const { command } = JSON.parse(settings).hooks.pre_run_command[0];
      const asks = (commandLine: string): Promise<Finished> => {
        const tool_info = { command_line: commandLine, cwd: project.dir };
        const input = JSON.stringify({ agent_action_name: 'pre_run_command', trajectory_id: 't', tool_info });
        return runProgram('/bin/sh', ['-c', command], { cwd: project.dir, env: project.env, input });
      };
      const { code, stdout, stderr } = await asks('terraform destroy');
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, /^countersign: the policy denies destructive commands: [^\n]+\n$/);
      assert.equal((await asks('npm test')).code, 0);
      const launcher = path.join(project.home, '.countersign/bin/countersign');
      await writeFile(launcher, '#!/bin/sh\nexit 2\n');
      assert.equal((await asks('terraform destroy')).code, 0, 'a program that fails with just that code');
    });

    it('gives a command that was refused nothing of what changes from then on', async () => {
      await policy({ destructive: 'deny' });
      const tells = async (payload: object): Promise<void> => {
        const shared = { session_id: 's', cwd: project.dir, model: 'm' };
        await project.countersign(['hook', 'codex'], { input: JSON.stringify({ ...shared, ...payload }) });
      };
      const tool = { tool_name: 'Bash', tool_use_id: 'refused', tool_input: { command: 'terraform destroy' } };
      await tells({ hook_event_name: 'PreToolUse', ...tool });
      await project.write({ 'by-hand.js': 'typed();\n' });
      await tells({ hook_event_name: 'Stop' });
      const { files } = JSON.parse(await project.countersignOutput('status', '--json'));
      const file = files.find((each: { path: string }) => each.path === 'by-hand.js');
      assert.deepEqual(file.lines, { ai: 0, mixed: 0, human: 0, tool: 0, unknown: 1, base: 0 });
    });

    it('cannot be made weaker by an edit, and may be made stricter', async () => {
      await policy({ destructive: 'deny' });
      await project.git('add', '--all');
      await commit();
      await policy({ destructive: 'record', privilege: 'ask' });
      assert.match((await asksFor('terraform destroy')).stdout, /"deny"/);
      assert.match((await asksFor('sudo ls')).stdout, /"ask"/);
      await project.write({ '.countersign.json': null });
      assert.match((await asksFor('terraform destroy')).stdout, /"deny"/);
    });

    it("is a person's own, too", async () => {
      await project.git('config', '--global', 'countersign.commands.history-rewrite', 'deny');
      await policy({ 'history-rewrite': 'ask' });
      assert.match((await asksFor('git push --force')).stdout, /"deny"/);
    });

    for (const [what, text, problem] of [
      ['no JSON', '{', 'it is not JSON'],
      ['of another version', '{"version":2}', '"version" must be 1'],
      [
        'larger than any policy',
        `{"version":1,"commands":{"privilege":"deny"},"x":"${'x'.repeat(10 << 20)}"}`,
        'too large',
      ],
    ] as const) {
      it(`denies nothing where it is ${what}, and says so in a line`, async () => {
        await project.write({ '.countersign.json': text });
        const { stdout, stderr } = await asksFor('sudo rm -rf /');
        assert.equal(stdout, '');
        assert.match(stderr, /^countersign: \.countersign\.json does not count: [^\n]+\n$/);
        assert.ok(stderr.includes(problem), stderr);
        const doctor = await project.countersign(['doctor']);
        assert.ok(doctor.stdout.includes('.countersign.json does not count'), doctor.stdout);
      });
    }

    it('that is wrong in one place holds for the rest, comments and all, and says where', async () => {
      await project.write({
        '.countersign.json':
          '{ "version": 1, // ours\n  "commands": { "privilege": "stop", "destructive": "deny" } }\n',
      });
      const { stdout, stderr } = await asksFor('terraform destroy');
      assert.match(stdout, /"deny"/);
      const problem = '.countersign.json:2:30: commands.privilege must be one of record, ask, deny';
      assert.equal(stderr, `countersign: ${problem}\n`);
      assert.ok((await project.countersign(['doctor'])).stdout.includes(problem));
    });

    it('does not count where it is a link', async () => {
      const outside = path.join(project.home, 'policy.json');
      await writeFile(outside, JSON.stringify({ version: 1, commands: { privilege: 'deny' } }));
      await symlink(outside, path.join(project.dir, '.countersign.json'));
      const { stdout, stderr } = await asksFor('sudo ls');
      assert.equal(stdout, '');
      assert.match(stderr, /it is a symbolic link/);
    });
  });
});
