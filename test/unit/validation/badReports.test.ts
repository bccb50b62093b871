import assert from 'node:assert/strict';
import { lines, read } from './bytes.ts';

const small = JSON.stringify({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'T' } }, results: [{ ruleId: 'ä', message: { text: 'x' } }] }],
});
const says = (message: RegExp) => (error: Error) => {
  assert.equal(error.name, 'ReportError');
  assert.match(error.message, message);
  assert.ok(!error.message.includes('\n') && error.message.length < 200);
  return true;
};
const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isLittle ? bytes : bytes.swap16();
};

describe('what is no good report', () => {
  it('in any encoding that tools write', async () => {
    const expected = ['medium ä - x'];
    for (const bytes of [
      Buffer.from(small),
      Buffer.from(`\ufeff${small}\n\n`),
      utf16(small, true),
      utf16(small, false),
    ]) {
      for (const piece of [1, 3, 100_000]) {
        assert.deepEqual(lines((await read(bytes, piece)).scans[0]?.findings ?? []), expected);
      }
    }
    const junit = '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="\xe4"/></testsuite>';
    assert.deepEqual((await read(Buffer.from(junit, 'latin1'), 1000)).tests, { run: 1, failed: 0, skipped: 0 });
  });

  it('cut off anywhere says so, and never gives half of it', async () => {
    for (let length = 1; length < small.length; length++) {
      await assert.rejects(read(small.slice(0, length), 1_000), says(/complete\?$|no format that is known|not JSON/));
    }
    await assert.rejects(read('<testsuites><testsuite><testcase/>'), says(/^ends in the middle: is it complete\?$/));
    await assert.rejects(read(''), says(/^is empty$/));
  });

  const notJson = [
    '{"version":"2.1.0","runs":[}',
    '{"version":"2.1.0" "runs":[]}',
    '{"version":"2.1.0",,"runs":[]}',
    '{"version":"2.1.0","runs":[]} x',
    '{"version":"2.1.0","runs":[]}{}',
    '{"version":"2.1.0","runs":[,]}',
    '{version:"2.1.0"}',
    '{"runs":["\u0000"]}',
    '{"runs":[]\u0000}',
    "{'runs':[]}",
    '{"runs":[1,]}',
    '{"runs":[],}',
    '{"runs"}',
    '{"runs":}',
    '{1:2}',
    '{"runs":[]]',
  ];
  for (const text of notJson) {
    it(`${JSON.stringify(text)} is not JSON`, () => assert.rejects(read(text), says(/^is not JSON \(at byte \d+/)));
  }

  it('of another format says which ones are known', async () => {
    for (const text of ['{}', '{"a":1}', '[1]', 'plain text', '\0\0\0', '<html></html>', '"text"', 'MZ\x90']) {
      await assert.rejects(read(text, 100), says(/^is of no format that is known/));
    }
  });

  it('nested too deep is refused, wherever that is', async () => {
    const deep = '['.repeat(100_000);
    await assert.rejects(read(`{"version":"2.1.0","x":${deep}`, 65_536), says(/^is nested deeper than 200 levels$/));
    await assert.rejects(read(`{"version":"2.1.0","runs":[{"results":[${deep}`, 65_536), says(/nested deeper/));
    await assert.rejects(read(`<testsuite>${'<a>'.repeat(10_000)}`, 65_536), says(/nested deeper/));
  });

  it('with entities of its own is refused: a bomb, or a file of this machine', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><testsuite>&b;</testsuite>';
    await assert.rejects(read(bomb), says(/^has a document type with definitions of its own/));
    const file = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite>&x;</testsuite>';
    await assert.rejects(read(file), says(/^has a document type/));
    await assert.rejects(read('<testsuite>&unknown;</testsuite>'), says(/^is not XML \(line 1\)$/));
    await assert.rejects(read('<testsuite><testcase></testsuite>'), says(/^is not XML/));
  });

  it('does not grow with what is not needed, nor with a result that is beyond measure', async () => {
    const many = JSON.stringify(
      Array.from({ length: 20_000 }, (_, i) => ({ physicalLocation: { region: { startLine: i } } })),
    );
    const text = `{"version":"2.1.0","junk":{"__proto__":{"x":1},"a":[${'{"b":[1,2]},'.repeat(1000)}1]},"runs":[{"tool":{"driver":{"name":"T"}},"results":[{"ruleId":"r","locations":${many}}]}]}`;
    const { scans } = await read(text, 65_536);
    assert.equal(scans[0]?.total, 1);
    assert.equal(({} as { x?: number }).x, undefined);
  });

  it('keeps so many findings, and counts the others', async () => {
    const results = Array(60_000).fill('{"ruleId":"r","message":{"text":"m"}}').join(',');
    const { scans } = await read(`{"version":"2.1.0","runs":[{"results":[${results}]}]}`, 65_536);
    assert.deepEqual([scans[0]?.total, scans[0]?.findings.length], [60_000, 50_000]);
  });
});
