import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { Project } from '../support/project.ts';

const program = path.join(__dirname, '../../dist/cli.js');

/** Above this a hook is in the way of the assistant that waits for it. */
const patienceMs = 20_000;

const megabytes = (count: number): string => 'x'.repeat(count * 1024 * 1024);

/** What a hook is given, and where it runs. */
interface BadInput {
  readonly title: string;
  readonly agent?: string;
  readonly input: (project: Project) => string | Uint8Array;
  readonly cwd?: (project: Project) => string;
  /** It cannot be made sense of at all, so it has to be said. */
  readonly said?: boolean;
}

/** A payload of Claude Code after a file tool, but for what is wrong with it. */
const edited = (project: Project, change: object): string =>
  JSON.stringify({
    session_id: '00000001-0000-4000-8000-000000000000',
    transcript_path: path.join(project.home, 'none.jsonl'),
    cwd: project.dir,
    hook_event_name: 'PostToolUse',
    tool_name: 'Write',
    tool_input: { file_path: path.join(project.dir, 'README.md'), content: 'text\n' },
    tool_response: {},
    tool_use_id: 'toolu_1',
    ...change,
  });

const wrote = (file: (project: Project) => string): BadInput['input'] => {
  return (project) => edited(project, { tool_input: { file_path: file(project), content: 'text\n' } });
};

/** A payload of Codex after a patch. */
const patched = (project: Project, command: unknown): string =>
  edited(project, { model: 'gpt-5.5', tool_name: 'apply_patch', tool_input: { command } });

/** A report in the form that is open to every tool. */
const reported = (project: Project, change: object): string => {
  const report = { version: 1, event: 'after-edit', tool: 'other', session: 's', files: ['README.md'] };
  return JSON.stringify({ ...report, cwd: project.dir, ...change });
};

const cases: readonly BadInput[] = [
  { title: 'nothing at all', input: () => '', said: true },
  { title: 'no JSON', input: () => 'not json\nof two lines\n', said: true },
  { title: 'half of a payload', input: (project) => edited(project, {}).slice(0, 80), said: true },
  { title: 'no text', input: () => Uint8Array.of(0xff, 0xfe, 0x00, 0x7b), said: true },
  { title: 'JSON that is no object', input: () => '[1, null, "x"]', said: true },
  { title: 'deep JSON', input: () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`, said: true },
  { title: '50 MB that are no JSON', input: () => megabytes(50), said: true },
  {
    title: 'a payload of 50 MB',
    input: (project) =>
      edited(project, { tool_input: { file_path: path.join(project.dir, 'README.md'), content: megabytes(50) } }),
  },
  { title: 'an empty object', input: () => '{}' },
  { title: 'no tool input', input: (project) => edited(project, { tool_input: undefined }) },
  { title: 'a null for the tool input', input: (project) => edited(project, { tool_input: null }) },
  { title: 'a number for a path', input: (project) => edited(project, { tool_input: { file_path: 7, content: 'x' } }) },
  { title: 'no session', input: (project) => edited(project, { session_id: undefined }) },
  { title: 'no folder', input: (project) => edited(project, { cwd: undefined }) },
  { title: 'an event that does not exist', input: (project) => edited(project, { hook_event_name: 'Nonesuch' }) },
  { title: 'a tool that does not exist', input: (project) => edited(project, { tool_name: 'Nonesuch' }) },
  { title: 'a transcript that is a folder', input: (project) => edited(project, { transcript_path: project.home }) },
  {
    title: 'a folder that is not there',
    input: (project) => edited(project, { cwd: path.join(project.root, 'none') }),
  },
  {
    title: 'a folder that is no repository',
    input: (project) => edited(project, { cwd: project.root, tool_input: { file_path: 'README.md', content: 'x' } }),
    cwd: (project) => project.root,
  },
  {
    title: 'a bare repository',
    input: (project) => edited(project, { cwd: path.join(project.root, 'bare.git') }),
    cwd: (project) => path.join(project.root, 'bare.git'),
  },
  { title: 'a file outside the repository', input: wrote(({ root }) => path.join(root, 'outside/secret.txt')) },
  { title: 'a path that climbs out', input: wrote(() => 'src/../../../outside/secret.txt') },
  { title: 'a link that leads out', input: wrote(({ dir }) => path.join(dir, 'link/secret.txt')) },
  { title: "git's own file", input: wrote(({ dir }) => path.join(dir, '.git/config')) },
  { title: 'a file that is not there', input: wrote(({ dir }) => path.join(dir, 'none/none.ts')) },
  { title: 'a folder for a file', input: wrote(({ dir }) => path.join(dir, 'src')) },
  { title: 'a file for a folder', input: wrote(({ dir }) => path.join(dir, 'README.md/none.ts')) },
  { title: 'a binary file', input: wrote(({ dir }) => path.join(dir, 'logo.bin')) },
  { title: 'a path with a NUL', input: wrote(({ dir }) => path.join(dir, 'a\0b')) },
  { title: 'a path that no system takes', input: wrote(({ dir }) => path.join(dir, 'x'.repeat(5000))) },
  { title: 'a path that looks like an option', input: wrote(() => '--output=made-by-git') },
  { title: 'a patch that is none', agent: 'codex', input: (project) => patched(project, '*** Begin Patch\n*** Upd') },
  { title: 'a list for a patch', agent: 'codex', input: (project) => patched(project, ['apply_patch']) },
  {
    title: 'a patch that climbs out',
    agent: 'codex',
    input: (project) =>
      patched(project, '*** Begin Patch\n*** Add File: ../../outside/secret.txt\n+text\n*** End Patch\n'),
  },
  { title: 'no report', agent: 'generic', input: () => 'not json', said: true },
  { title: 'a later version', agent: 'generic', input: (project) => reported(project, { version: 2 }) },
  { title: 'an unknown event', agent: 'generic', input: (project) => reported(project, { event: 'nonesuch' }) },
  { title: 'a text for the files', agent: 'generic', input: (project) => reported(project, { files: 'README.md' }) },
  {
    title: 'files outside the repository',
    agent: 'generic',
    input: (project) => reported(project, { files: ['../../outside/secret.txt', path.join(project.root, 'outside')] }),
  },
  { title: 'an assistant that nobody knows', agent: 'nonesuch', input: () => '{}', said: true },
];

const statusSchema = v.object({ totals: v.object({ added: v.number() }) });

describe('a hook that is given nonsense', function () {
  this.timeout(60_000);
  let project: Project;

  before(async () => {
    project = await Project.create({ 'README.md': '# Sample\n', 'src/a.ts': 'a\n', 'logo.bin': '\0\u0001\0' });
    await mkdir(path.join(project.root, 'outside'));
    await writeFile(path.join(project.root, 'outside/secret.txt'), 'secret\n');
    await symlink(path.join(project.root, 'outside'), path.join(project.dir, 'link'));
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Link');
    await project.git('clone', '--quiet', '--bare', '.', path.join(project.root, 'bare.git'));
  });

  after(() => project.dispose());

  for (const { title, agent = 'claude', input, cwd, said = false } of cases) {
    it(`${title}: ends well, says one line at most, touches nothing (${agent})`, async () => {
      const before = await contents(project);
      const hook = await project.countersign(['hook', agent], {
        input: input(project),
        timeoutMs: patienceMs,
        ...(cwd ? { cwd: cwd(project) } : {}),
      });
      assert.ok(!hook.timedOut, 'in time');
      assert.equal(hook.code, 0, hook.stderr);
      assert.equal(hook.stdout, '');
      assert.match(hook.stderr, said ? /^[^\n]{10,300}\n$/ : /^([^\n]{10,300}\n)?$/);
      assert.deepEqual(await contents(project), before, 'nothing but the ledger is written');
      const status = v.parse(statusSchema, JSON.parse(await project.countersignOutput('status', '--json')));
      assert.equal(status.totals.added, 0, 'nothing was changed, so nothing is pending');
    });
  }

  it('gets no end of its input: gives up in time, says so in one line', async () => {
    const { dir: cwd, env } = project;
    const child = spawn(process.execPath, [program, 'hook', 'claude'], { cwd, env, stdio: 'pipe' });
    const started = Date.now();
    child.stdin.write('{');
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    assert.ok(Date.now() - started < patienceMs, 'in time');
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^countersign: [^\n]*given up[^\n]*\n$/);
  });

  it('has nowhere to write: ends well, says one line at most', async () => {
    const blocked = await Project.create({ 'README.md': '# Sample\n' });
    try {
      await writeFile(path.join(blocked.dir, '.git/countersign'), 'in the way\n');
      const hook = await blocked.countersign(['hook', 'claude'], { input: edited(blocked, {}), timeoutMs: patienceMs });
      assert.deepEqual([hook.code, hook.stdout, hook.timedOut], [0, '', false]);
      assert.match(hook.stderr, /^[^\n]{10,300}\n$/);
    } finally {
      await blocked.dispose();
    }
  });
});

/** The digest of every file of the test but those of the ledger. */
async function contents({ root, dir }: Project): Promise<ReadonlyMap<string, string>> {
  const ledger = path.join(dir, '.git/countersign');
  const found = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.startsWith(ledger)) continue;
    found.set(
      file,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return found;
}
