import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { codex } from '../../../src/agents/codex.ts';
import { codexHash, codexTrust } from '../../../src/agents/install/codexTrust.ts';
import { inspectInstallation, planInstall } from '../../../src/agents/install/plan.ts';
import { Home } from './home.ts';

describe('the trust of Codex', () => {
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
    await (await planInstall(codex, home.user)).carryOut();
  });
  afterEach(() => home.dispose());

  async function trust(): Promise<string | undefined> {
    const { files, entries } = await inspectInstallation(codex, home.user);
    return await codexTrust(files[0] ?? '', entries, home.user);
  }

  it('is read from what Codex keeps of each entry', async () => {
    assert.equal(await trust(), 'not trusted');
    const { entries } = await inspectInstallation(codex, home.user);
    const state = (index: number, more: string): string => {
      const event = ['pre_tool_use', 'post_tool_use'][index] ?? '';
      const hash = codexHash(event, entries[index]?.value ?? null);
      return `[hooks.state."${home.file('.codex/hooks.json')}:${event}:0:0"]\n${more.replace('HASH', hash)}\n`;
    };
    const trusted = 'enabled = true\ntrusted_hash = "HASH"';
    await home.write('.codex/config.toml', state(0, trusted));
    assert.equal(await trust(), 'not trusted');
    await home.write('.codex/config.toml', state(0, trusted) + state(1, trusted));
    assert.equal(await trust(), 'trusted');
    await home.write('.codex/config.toml', state(0, trusted) + state(1, 'trusted_hash = "sha256:0"'));
    assert.equal(await trust(), 'changed since it was trusted');
    await home.write('.codex/config.toml', state(0, trusted) + state(1, 'enabled = false'));
    assert.equal(await trust(), 'switched off');
    await home.write('.codex/config.toml', 'broken = [');
    assert.equal(await trust(), undefined);
  });

  it('goes by the hash that Codex has for an entry', () => {
    const group = { matcher: 'apply_patch|Bash', hooks: [{ type: 'command', command: 'true', timeout: 10 }] };
    const identity =
      '{"event_name":"pre_tool_use","hooks":[{"async":false,"command":"true","timeout":10,"type":"command"}],"matcher":"apply_patch|Bash"}';
    assert.equal(codexHash('pre_tool_use', group), `sha256:${createHash('sha256').update(identity).digest('hex')}`);
  });
});
