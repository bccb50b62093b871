import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const dist = path.join(__dirname, '../../dist');

/** Words of parsers that installing needs and nothing else, which stay in a bundle however it is made smaller. */
const parsers = {
  'jsonc-parser': 'PropertyNameExpected',
  'smol-toml': 'Invalid TOML document',
  yaml: 'tag:yaml.org,2002:',
};

describe('the bundles', () => {
  for (const [name, word] of Object.entries(parsers)) {
    it(`that assistants and git wait for are without ${name}`, () => {
      const has = (bundle: string): boolean => readFileSync(path.join(dist, bundle), 'utf8').includes(word);
      assert.deepEqual(['cli.js', 'main.js', 'gitMain.js', 'judgeMain.js'].filter(has), []);
      assert.deepEqual(['commands.js', 'extension.js'].filter(has), ['commands.js', 'extension.js']);
    });
  }

  it('that assistants and git wait for read no more of a policy than they need', () => {
    const has = (bundle: string): boolean =>
      readFileSync(path.join(dist, bundle), 'utf8').includes('is no key here, and is passed over');
    assert.deepEqual(['cli.js', 'main.js', 'gitMain.js', 'shellReports.js', 'policyText.js'].filter(has), [
      'policyText.js',
    ]);
  });
});
