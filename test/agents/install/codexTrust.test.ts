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
    const trusted = 'enabled = true\ntrusted_hash = "HASH"';
    /** What Codex keeps where all but the last entry are trusted. */
    const state = (last: string): string =>
      entries
        .map(({ path: [, event], value }, i) => {
          const name = String(event)
            .replace(/(?!^)[A-Z]/g, '_$&')
            .toLowerCase();
          const kept = i < entries.length - 1 ? trusted : last;
          return `[hooks.state."${home.file('.codex/hooks.json')}:${name}:0:0"]\n${kept.replace('HASH', codexHash(name, value))}\n`;
        })
        .join('');
    assert.ok(entries.length > 1);
    for (const [last, expected] of [
      ['', 'not trusted'],
      [trusted, 'trusted'],
      ['trusted_hash = "sha256:0"', 'changed since it was trusted'],
      ['enabled = false', 'switched off'],
    ] as const) {
      await home.write('.codex/config.toml', state(last));
      assert.equal(await trust(), expected);
    }
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
