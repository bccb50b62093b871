import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCommitter } from '../../../src/agents/assistants.ts';
import { transcript } from './recorded.ts';

/** The environment of git's hook in a recorded session. */
function hookEnvironment(session: string): Record<string, string> {
  const folder = path.dirname(transcript(session, '-'));
  const name = readdirSync(folder).find((file) => file.endsWith('git.prepare-commit-msg.json'));
  assert.ok(name);
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')).env;
}

describe('who runs git commit', () => {
  it('is known from the variables of an assistant', () => {
    const claude = '00000001-0000-4000-8000-000000000000';
    const codex = '00000001-0000-7000-8000-000000000000';
    const call = 'call_000000000000000000000016';
    assert.deepEqual(findCommitter(hookEnvironment('claude')), { tool: 'claude', session: claude });
    assert.deepEqual(findCommitter(hookEnvironment('codex')), { tool: 'codex', session: codex, call });
    assert.deepEqual(findCommitter(hookEnvironment('copilot')), { tool: 'copilot', session: claude });
    assert.deepEqual(findCommitter(hookEnvironment('qwen')), { tool: 'qwen', session: claude });
  });

  it('is the assistant alone where its shell tells no session', () => {
    assert.deepEqual(findCommitter(hookEnvironment('cline')), { tool: 'cline' });
  });

  it('is not known where there is no such variable', () => {
    assert.equal(findCommitter({ PATH: '/bin' }), undefined);
    assert.equal(findCommitter({ CLAUDE_CODE_SESSION_ID: '', COPILOT_AGENT_SESSION_ID: '' }), undefined);
    assert.equal(findCommitter(hookEnvironment('continue')), undefined);
  });

  it('is the first in the table where one assistant was started in the shell of another: which is within is not told', () => {
    const environment = { CODEX_THREAD_ID: 'outer', CLAUDE_CODE_SESSION_ID: 'inner' };
    assert.deepEqual(findCommitter(environment), { tool: 'claude', session: 'inner' });
    const otherWayRound = { CODEX_THREAD_ID: 'inner', CLAUDE_CODE_SESSION_ID: 'outer' };
    assert.deepEqual(findCommitter(otherWayRound), { tool: 'claude', session: 'outer' });
  });
});
