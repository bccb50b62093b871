import assert from 'node:assert/strict';
import { launcherPath } from '../../../src/launcher.ts';
import type { Program } from '../lab/program.ts';
import { programs } from '../lab/programs.ts';
import { describeReal } from '../lab/realProgram.ts';
import { runAssistant } from '../lab/runAssistant.ts';

const tool = 'mcp__countersign__validation_needed';

describeReal(['claude'], (installed) => {
  it('is told by our MCP server what its change still lacks', async () => {
    const project = await installed();
    const mcpServers = { countersign: { command: launcherPath(project.home), args: ['mcp'] } };
    const { claude } = programs;
    const asking: Program = {
      ...claude,
      args: (run) => [...claude.args(run), tool, '--mcp-config', JSON.stringify({ mcpServers })],
    };
    const requests = await runAssistant(asking, project, 'Add a file and say what it lacks.', [
      { calls: [asking.tools(project.dir).create('src/new.ts', 'export const added = true;\n')] },
      { calls: [{ tool, input: {} }] },
      { text: 'All done.' },
    ]);
    const last = requests.findLast(({ step }) => step === 2)?.body ?? '';
    assert.match(last, /countersign\/needs\/1/);
    assert.match(last, /1 AI line nobody has looked at/);
  });
});
