import assert from 'node:assert/strict';
import { parsePayload } from '../../src/cli/payload.ts';

const value = { path: 'C:\\src\\ä.ts', text: 'a "quoted" 😀 line\n\ttabbed\\' };
const json = JSON.stringify(value);
const wide = Buffer.from(json, 'utf16le');
const swapped = Buffer.from(wide).swap16();

const readable: readonly [title: string, bytes: Buffer, value: unknown][] = [
  ['UTF-8', Buffer.from(json), value],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${json}`), value],
  ['UTF-16 as PowerShell pipes it', wide, value],
  ['UTF-16 with a byte order mark', Buffer.concat([Buffer.of(0xff, 0xfe), wide]), value],
  ['UTF-16, the high byte first', swapped, value],
  ['UTF-16 with a byte order mark, the high byte first', Buffer.concat([Buffer.of(0xfe, 0xff), swapped]), value],
  ['UTF-16 with half a character more', Buffer.concat([wide, Buffer.of(0x0a)]), value],
  [
    'raw line breaks and tabs in a string',
    Buffer.from('{"a\u0001": "one\n\ttwo\\\\\r\n", "b":\n"\u0000"}'),
    { 'a\u0001': 'one\n\ttwo\\\r\n', b: '\0' },
  ],
  ['an escaped quote before a raw line break', Buffer.from('["\\"\n\\\\"]'), ['"\n\\']],
  ['half a pair of surrogates', Buffer.from('"\\ud800"'), '\ud800'],
  ['bytes that are no UTF-8', Buffer.of(0x22, 0xff, 0x22), '\ufffd'],
  [
    'a name that objects have from birth',
    Buffer.from('{"__proto__": {"polluted": true}}'),
    JSON.parse('{"__proto__": {"polluted": true}}'),
  ],
];

const unreadable: readonly [title: string, bytes: Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.of(0x7b)],
  ['half of a payload', Buffer.from(json.slice(0, 20))],
  ['half of a payload with a raw line break', Buffer.from('{"a": "b\n", "c": "d\n')],
  ['two million lists in each other', Buffer.from('['.repeat(2_000_000))],
  ['two million empty objects', Buffer.from(`[${'{},'.repeat(2_000_000)}{}]`)],
];

describe("a hook's payload", () => {
  for (const [title, bytes, expected] of readable) {
    it(`is read: ${title}`, () => assert.deepEqual(parsePayload(bytes), expected));
  }
  for (const [title, bytes] of unreadable) {
    it(`is refused: ${title}`, () => assert.throws(() => parsePayload(bytes), SyntaxError));
  }

  it('leaves all other objects as they were', () => {
    parsePayload(Buffer.from('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'));
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('of 50 MB is read, also with raw line breaks in it, in a time that grows with its length alone', () => {
    const text = 'one \\"line\\" of text\\\\\\n'.repeat(2_000_000);
    assert.deepEqual(Object.keys(parsePayload(Buffer.from(`{"text": "${text}"}`)) as object), ['text']);
    assert.deepEqual(Object.keys(parsePayload(Buffer.from(`{"text": "${text}\n"}`)) as object), ['text']);
  }).timeout(60_000);
});
