import assert from 'node:assert/strict';
import { jsonForm } from '../../../src/agents/install/jsonForm.ts';
import { unifiedDiff } from '../../../src/agents/install/lineHunks.ts';
import { applied, type SettingsEdit, type SettingsForm } from '../../../src/agents/install/settingsForm.ts';
import { tomlForm } from '../../../src/agents/install/tomlForm.ts';
import { undoEdits, undone } from '../../../src/agents/install/undo.ts';
import { yamlForm } from '../../../src/agents/install/yamlForm.ts';
import { canonicalJson, type Json } from '../../../src/core/canonicalJson.ts';

type Case = readonly [what: string, before: string, edit: SettingsEdit, after: string];

const append = (value: object, ...list: string[]): SettingsEdit => ({ edit: 'append', list, value: { ...value } });
const remove = (...path: (string | number)[]): SettingsEdit => ({ edit: 'remove', path });
const one = { a: 1 };

function check(form: SettingsForm, cases: readonly Case[]): void {
  for (const [what, before, edit, after] of cases) {
    it(what, () => {
      assert.equal(form.apply(before, edit), after);
      assert.equal(canonicalJson(filled(form.parse(after))), canonicalJson(filled(applied(form.parse(before), edit))));
    });
  }
}

/** TOML does not tell an empty list of tables from none. */
function filled(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, filled(member ?? null)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== null && JSON.stringify(member).length > 2));
}

describe('JSON', () => {
  check(jsonForm, [
    [
      'makes what leads to a list',
      '{}\n',
      append(one, 'h', 'x'),
      '{\n  "h": {\n    "x": [\n      {\n        "a": 1\n      }\n    ]\n  }\n}\n',
    ],
    [
      'puts a member behind the comment of the last',
      '{\n "k": 0 // why\n}',
      { edit: 'set', key: ['a'], value: true },
      '{\n "k": 0, // why\n "a": true\n}',
    ],
    [
      'takes the comma that is there',
      '{\n\t"k": 0,\n}',
      { edit: 'set', key: ['a'], value: 1 },
      '{\n\t"k": 0,\n\t"a": 1\n}',
    ],
    ['stays on one line', '{"h":{"x":[{"b":2}]}}', append(one, 'h', 'x'), '{"h":{"x":[{"b":2}, {"a":1}]}}'],
    [
      'keeps a comment in an empty list',
      '{"x": [\n  // none\n]}',
      append(one, 'x'),
      '{"x": [\n  // none\n  {\n    "a": 1\n  }\n]}',
    ],
    ['takes the first of two out', '{"x": [\n  1, // one\n  2\n]}', remove('x', 0), '{"x": [\n  // one\n  2\n]}'],
    [
      'takes the last of two out, with its comma',
      '{"x": [\n  1, // one\n  2\n]}',
      remove('x', 1),
      '{"x": [\n  1 // one\n]}',
    ],
    ['takes the only one out', '{"x": [\n  1\n]}', remove('x', 0), '{"x": [\n]}'],
    [
      'replaces where it stands',
      '{\n  "x": [\n    {"b": 2}, // b\n    3\n  ]\n}',
      { edit: 'replace', path: ['x', 0], value: one },
      '{\n  "x": [\n    {"a":1}, // b\n    3\n  ]\n}',
    ],
    [
      'reads behind a byte order mark',
      '\ufeff{"k": 0}',
      { edit: 'set', key: ['a'], value: 1 },
      '\ufeff{"k": 0, "a": 1}',
    ],
  ]);
});

describe('TOML', () => {
  const table = '[[h.x]]\na = 1\n';
  check(tomlForm, [
    ['begins a file', '', append(one, 'h', 'x'), table],
    ['comes behind all else', 'k = 0', append(one, 'h', 'x'), `k = 0\n\n${table}`],
    [
      'comes behind another of its list, wherever that is',
      `${table}\n[t]\n`,
      append(one, 'h', 'x'),
      `${table}\n[t]\n\n${table}`,
    ],
    [
      'takes a table out with those below it',
      `[[h.x]]\na = 1\n[h.x.sub]\nb = 2\n\n# about t\n[t]\n`,
      remove('h', 'x', 0),
      '\n# about t\n[t]\n',
    ],
    [
      'finds its place among lists in lists',
      '[[h.x]]\n[[h.x.y]]\nb = 1\n[[h.x]]\n[[h.x.y]]\nb = 2\n[[h.x.y]]\nb = 3\n',
      remove('h', 'x', 1, 'y', 0),
      '[[h.x]]\n[[h.x.y]]\nb = 1\n[[h.x]]\n[[h.x.y]]\nb = 3\n',
    ],
    [
      'is not misled by texts',
      'a = """\n[[h.x]]\n"""\nb = [\n  \'[[h.x]]\', # [[h.x]]\n]\n[[h.x]]\na = 1\n',
      remove('h', 'x', 0),
      'a = """\n[[h.x]]\n"""\nb = [\n  \'[[h.x]]\', # [[h.x]]\n]\n',
    ],
    [
      'reads quoted keys',
      '[["h".\'x\']] # first\na = 2\n',
      { edit: 'replace', path: ['h', 'x', 0], value: one },
      table,
    ],
  ]);

  it('takes all that TOML has for settings of somebody else', () => {
    const text = 'big = 9007199254740993\nwhen = 1979-05-27T07:32:00Z\nnone = nan\n';
    assert.equal(tomlForm.apply(text, append(one, 'h', 'x')), `${text}\n${table}`);
    assert.deepEqual(tomlForm.parse(text), { big: '9007199254740993', when: '1979-05-27T07:32:00.000Z', none: 'NaN' });
  });
});

describe('YAML', () => {
  check(yamlForm, [
    ['begins a file', '', { edit: 'set', key: ['a'], value: true }, 'a: true\n'],
    [
      'comes behind all else',
      'k: |\n  text\n# end',
      { edit: 'set', key: ['a'], value: 'x y' },
      'k: |\n  text\n# end\na: x y\n',
    ],
    [
      'quotes what has to be',
      'k: 0\r\n',
      { edit: 'set', key: ['a'], value: "[ -x '/h' ]: # no" },
      'k: 0\r\na: "[ -x \'/h\' ]: # no"\r\n',
    ],
    ['takes out a line', 'k: 0 # why\na: true # mine\nl: 1\n', remove('a'), 'k: 0 # why\nl: 1\n'],
    ['reads behind a byte order mark', '\ufeffk: 0\na: 1\n', remove('a'), '\ufeffk: 0\n'],
  ]);
});

describe('the edits that bring a text back', () => {
  it('bring it back, and hold nothing of what did not change', () => {
    const before = '{\n  "a": "sk-1",\n  "h": {},\n  "b": "sk-1"\n}';
    const after = '{\n  "a": "sk-1",\n  "h": {\n    "x": [1]\n  },\n  "b": "sk-1",\n  "c": true\n}';
    const edits = undoEdits(after, before);
    assert.equal(undone(after, edits), before);
    assert.ok(!JSON.stringify(edits).includes('sk'));
    assert.deepEqual(undoEdits(before, before), []);
    assert.throws(() => undone('', edits), RangeError);
  });
});

describe('the diff of a dry run', () => {
  it('shows what goes, what comes, and a few lines around each', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`);
    const changed = lines.with(1, 'two\n').with(14, 'x\r\n').join('');
    assert.deepEqual(unifiedDiff(lines.join(''), changed), [
      '@@ line 1 @@',
      ' line 1',
      '-line 2',
      '+two',
      ' line 3',
      ' line 4',
      ' line 5',
      '@@ line 12 @@',
      ' line 12',
      ' line 13',
      ' line 14',
      '-line 15',
      '+x',
      ' line 16',
      ' line 17',
      ' line 18',
    ]);
    assert.deepEqual(unifiedDiff('', 'a\n'), ['@@ line 1 @@', '+a']);
    assert.deepEqual(unifiedDiff('a', 'a'), []);
  });
});
