import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Project } from '../support/project.ts';
import { assistantWrites, personWrites } from '../support/reports.ts';

const program = path.join(__dirname, '../../dist/cli.js');

/** The official client speaks with the program, as assistants do. */
for (const mode of ['legacy', 'auto'] as const) {
  describe(`countersign mcp, a client that negotiates "${mode}"`, () => {
    let project: Project;
    let client: Client;

    beforeEach(async () => {
      project = await Project.create({ 'src/a.js': 'first();\n' });
      client = await connect(project.dir);
    });
    afterEach(async () => {
      await client.close();
      await project.dispose();
    });

    async function connect(cwd: string): Promise<Client> {
      const connected = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
      const env = Object.fromEntries(
        Object.entries(project.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      );
      await connected.connect(
        new StdioClientTransport({ command: process.execPath, args: [program, 'mcp'], cwd, env }),
      );
      return connected;
    }

    async function ask(name: string, input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
      const { structuredContent, isError, content } = await client.callTool({ name, arguments: input });
      assert.ok(!isError, JSON.stringify(content));
      assert.deepEqual(content, [{ type: 'text', text: JSON.stringify(structuredContent) }]);
      return structuredContent as Record<string, unknown>;
    }

    async function refusal(name: string, input: Record<string, unknown>): Promise<string> {
      const { isError, content } = await client.callTool({ name, arguments: input });
      assert.equal(isError, true);
      const [first] = content;
      return first?.type === 'text' ? first.text : '';
    }

    it('lists its tools with schemas, all of them read-only', async () => {
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['pending_risk', 'unreviewed_lines', 'explain_line', 'validation_needed'],
      );
      for (const { annotations, inputSchema, description } of tools) {
        assert.equal(annotations?.readOnlyHint, true);
        assert.equal(inputSchema.type, 'object');
        assert.ok('folder' in (inputSchema.properties ?? {}));
        assert.ok((description ?? '').length > 50);
      }
    });

    it('says the risk of the pending change, as the command line does', async () => {
      await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
      const { totals, ...risk } = await ask('pending_risk');
      assert.deepEqual(risk, JSON.parse(await project.countersignOutput('risk', '--json')));
      assert.equal((totals as { ai: number }).ai, 1);
      assert.equal((await ask('pending_risk', { staged: true }))['score'], 0);
    });

    it('names the AI lines that no person has reviewed, until one has', async () => {
      await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\nthird();\n' });
      const { lines, spans } = await ask('unreviewed_lines');
      assert.equal(lines, 2);
      const [span] = spans as { path: string; start: number; end: number; tool: string; review: string }[];
      assert.deepEqual([span?.path, span?.start, span?.end, span?.review], ['src/a.js', 2, 3, 'unseen']);
      assert.equal((await ask('unreviewed_lines', { path: 'src/b.js' }))['lines'], 0);
      await project.countersignOutput('review', '--all');
      assert.deepEqual(await ask('unreviewed_lines'), { schema: 'countersign/unreviewed/1', lines: 0, spans: [] });
    });

    it('explains a line, and says why it cannot', async () => {
      await personWrites(project, { 'src/a.js': 'first();\ntyped();\n' });
      const answer = await ask('explain_line', { path: 'src/a.js', line: 2 });
      assert.deepEqual([answer['schema'], answer['class']], ['countersign/explain/1', 'human']);
      assert.match(await refusal('explain_line', { path: 'src/a.js', line: 9 }), /has 2 lines, no line 9/);
      assert.match(await refusal('explain_line', { path: '../outside', line: 1 }), /is not in the work tree/);
      assert.match(await refusal('explain_line', { path: 'src/a.js', line: 0 }), /line/);
    });

    it('says what the change lacks, and who can give it', async () => {
      const needs = async (): Promise<string[]> =>
        ((await ask('validation_needed'))['needs'] as { id: string; by: string }[]).map(({ id, by }) => `${id} ${by}`);
      assert.deepEqual(await needs(), [], 'nothing is pending');
      await assistantWrites(project, { 'src/a.js': 'first();\nsecond();\n' });
      assert.deepEqual(await needs(), ['review person', 'test anyone']);
      await project.countersign(['run', '--', process.execPath, '-e', 'process.exit(3)']);
      assert.deepEqual(await needs(), ['mend anyone', 'review person', 'test anyone']);
      await project.countersign(['run', '--', process.execPath, '-e', '']);
      await project.countersign(['run', '--', process.execPath, '-e', 'process.exit(3)']);
      await assistantWrites(project, { 'test/a.test.js': 'test();\n' });
      assert.deepEqual(await needs(), ['review person', 'run-again anyone']);
    });

    it('answers for another repository, by its folder; elsewhere it says what is wrong', async () => {
      const other = await Project.create({ 'b.js': 'b();\n' });
      const none = await mkdtemp(path.join(os.tmpdir(), 'no repository '));
      try {
        await assistantWrites(other, { 'b.js': 'b();\nc();\n' });
        assert.equal((await ask('unreviewed_lines', { folder: other.dir }))['lines'], 1);
        assert.match(await refusal('pending_risk', { folder: none }), /is not in a git repository/);
        assert.match(await refusal('pending_risk', { folder: 'relative' }), /not absolute/);
      } finally {
        await rm(none, { recursive: true });
        await other.dispose();
      }
    });
  });
}
