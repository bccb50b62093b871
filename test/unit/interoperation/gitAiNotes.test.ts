import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { withForeignLines } from '../../../src/core/interoperation/foreignNote.ts';
import { readGitAi } from '../../../src/core/interoperation/gitAiAttribution.ts';
import {
  type GitAiNote,
  gitAiHumanId,
  gitAiSessionId,
  gitAiVersion,
  isNotablePath,
  readGitAiNote,
  writeGitAiNote,
} from '../../../src/core/interoperation/gitAiNotes.ts';

const examples = [
  { name: 'sessions', size: 1006, id: '3be3329f4514eb8a584584c74ea3ab7f5b91549e' },
  { name: 'legacy', size: 476, id: '30fd987b0e0ffaf6ad33122c02e6d9a65a64c9b7' },
  { name: 'mixed', size: 869, id: '2d6db4daa338c74a67597b7e049213c848d6d07e' },
  { name: 'empty', size: 158, id: 'cb1d1e242dd321f8db45633b0a36d8e0bbb8c8f8' },
] as const;

function example(name: (typeof examples)[number]['name']): string {
  return readFileSync(path.join(__dirname, `git-ai-${name}.note`), 'utf8');
}

function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

function read(text: string): GitAiNote {
  const note = readGitAiNote(text);
  assert.ok(!('refused' in note), 'refused' in note ? note.refused : '');
  return note;
}

function refusal(text: string): string {
  const note = readGitAiNote(text);
  assert.ok('refused' in note);
  return note.refused;
}

/** Who wrote a line, in a word. */
function writerOf(note: string, file: string, number: number): string {
  const files = readGitAi(note);
  assert.ok(!('refused' in files), 'refused' in files ? files.refused : '');
  const line = { number, hash: '', class: 'unknown', countsAsAi: false } as const;
  const known = withForeignLines([{ path: file, deleted: 0, lines: [line] }], [{ source: 'git-ai', files }], '');
  const found = known[0]?.lines[0];
  assert.ok(found);
  return found.author?.origin === 'ai' ? found.author.tool : found.class;
}

const prompts = { prompts: {} };
function withLines(lines: string, metadata: object = prompts): string {
  return `${lines}---\n${JSON.stringify({ schema_version: gitAiVersion, base_commit_sha: '0', ...metadata })}`;
}

describe('a note of Git AI', () => {
  for (const { name, size, id } of examples) {
    it(`has the bytes of the example "${name}" once read and written`, () => {
      const text = example(name);
      assert.equal(Buffer.byteLength(text), size);
      assert.equal(blobId(text), id);
      assert.equal(blobId(writeGitAiNote(read(text))), id);
    });
  }

  it('names the writer of each line of the examples', () => {
    const sessions = example('sessions');
    const expected = new Map<string, readonly number[]>([
      ['claude', [1, 10, 15, 20]],
      ['copilot', [25, 30, 31]],
      ['human', [42, 50]],
      ['unknown', [11, 14, 21, 24, 26, 29, 32, 41, 51]],
    ]);
    for (const [writer, lines] of expected) {
      for (const line of lines) assert.equal(writerOf(sessions, 'src/main.rs', line), writer, `line ${line}`);
    }
    assert.equal(writerOf(sessions, 'docs/read me.md', 3), 'claude');
    assert.equal(writerOf(sessions, 'docs/read', 3), 'unknown');

    const mixed = example('mixed');
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((line) => writerOf(mixed, 'src/überblick.ts', line)),
      [...Array<string>(3).fill('cursor'), 'codex', 'cursor', 'human', 'human', 'unknown'],
    );
    assert.equal(writerOf(example('legacy'), 'src/lib.rs', 4), 'cursor');
  });

  it('may have been through an editor: CRLF, blank lines, blanks at line ends and a final line break', () => {
    const text = example('sessions');
    const variants = [
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      text.replace('"docs', '\n\n"docs'),
      text.replace('42-50\n', '42-50 \t\n'),
      text.replace('1-10,15-20', '1-10,,15-20,'),
    ];
    for (const variant of variants) assert.equal(writeGitAiNote(read(variant)), text);
  });

  it('ends its lines at the first "---", whatever the metadata holds', () => {
    const metadata = { ...prompts, sessions: { s_1: { agent_id: { tool: '---', id: '\n---\n', model: '' } } } };
    const note = withLines('a.ts\n  s_1::t_1 1\n', metadata);
    assert.equal(writerOf(note, 'a.ts', 1), '---');
    const raw = withLines('a.ts\n  p 1\n').replace('"0"', '"0",\n"x":\n"---\\n---"\n');
    assert.deepEqual(
      read(raw).files.map((file) => file.path),
      ['a.ts'],
    );
  });

  it('has a path in quotes if and only if it has a blank', () => {
    const table: readonly (readonly [string, string])[] = [
      ['docs/read me.md', '"docs/read me.md"'],
      ['tab\there', '"tab\there"'],
      ['(auth)/[id]-a--b.ts', '(auth)/[id]-a--b.ts'],
      ['src/überblick.ts', 'src/überblick.ts'],
      ['"half', '"half'],
      ['-', '-'],
      ['----', '----'],
    ];
    for (const [file, line] of table) {
      const note = {
        ...read(example('empty')),
        files: [{ path: file, entries: [{ key: 'k', ranges: [{ start: 1, end: 1 }] }] }],
      };
      const text = writeGitAiNote(note);
      assert.equal(text.split('\n')[0], line);
      assert.ok(isNotablePath(file));
      assert.equal(read(text).files[0]?.path, file);
    }
    for (const file of ['', '---', 'a\nb', '"a"', 'a\u00a0', 'a b\n'])
      assert.ok(!isNotablePath(file), JSON.stringify(file));
  });

  it('falls through to an earlier entry where a later one names nobody', () => {
    const human = { h_1: { author: 'A <a@b.c>' } };
    const lines = 'a.ts\n  h_1 1-9\n  s_gone::t_1 2\n  h_gone 3\n  x_new 4\n  1234567 5\n  h_1::t_1 6\n';
    const agent = { tool: 'cursor', id: 'x', model: 'm' };
    const note = withLines(lines, { prompts: { 1234567: { agent_id: agent } }, humans: human });
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((line) => writerOf(note, 'a.ts', line)),
      ['human', 'human', 'human', 'human', 'cursor', 'human'],
    );
  });

  it('may have fields that are not known, and lack those that came later', () => {
    const note = read(withLines('', { ...prompts, future: { a: [1] }, humans: null }));
    assert.deepEqual([note.metadata.humans.size, note.metadata.sessions.size], [0, 0]);
    assert.deepEqual(Object.keys(note.metadata).includes('future'), false);
  });

  it('is refused with the reason', () => {
    const table: readonly (readonly [string, RegExp])[] = [
      ['', /no line of "---"/],
      ['a.ts\n  k 1\n', /no line of "---"/],
      ['--- \n{}', /no line of "---"/],
      [withLines('a.ts\n  k\n'), /" {2}k" is no entry/],
      [withLines('a.ts\n  k 1-b\n'), /no entry/],
      [withLines('a.ts\n  k 1-2-3\n'), /no entry/],
      [withLines('a.ts\n  k 4294967296\n'), /no entry/],
      [withLines('  k 1\na.ts\n'), /no entry/],
      ['---\n', /not JSON/],
      ['---\nnull', /not as authorship\/3\.0\.0 has it/],
      ['---\n{"schema_version":"authorship/4.0.0"}', /"authorship\/4\.0\.0", and only authorship\/3\.0\.0/],
      [withLines('', {}), /\(prompts\)/],
      [withLines('', { ...prompts, sessions: { s_1: { agent_id: { tool: 1 } } } }), /sessions/],
    ];
    for (const [text, reason] of table) assert.match(refusal(text), reason, JSON.stringify(text));
  });

  it('is read in little time and does no harm, whatever it holds', () => {
    const started = performance.now();
    const human = { ...prompts, humans: { h_1: { author: 'A' } } };
    const huge = withLines('a.ts\n  h_1 1-4294967295,0-4294967295\n', human);
    assert.equal(writerOf(huge, 'a.ts', 4_000_000_000), 'human');
    assert.match(refusal(`---\n${'['.repeat(1_000_000)}`), /not JSON/);
    assert.match(refusal(`---\n${'['.repeat(200_000)}${']'.repeat(200_000)}`), /not as/);
    assert.equal(
      read(withLines(`a.ts\n  k ${'1,'.repeat(1_000_000)}\n`)).files[0]?.entries[0]?.ranges.length,
      1_000_000,
    );
    const polluting = (value: string): string => `{"__proto__":${value},"constructor":${value},"h_1":${value}}`;
    const agent = '{"agent_id":{"tool":"cursor","id":"x","model":"m"},"author":"A"}';
    const head = `"schema_version":"${gitAiVersion}","base_commit_sha":"0"`;
    const note = `a.ts\n  __proto__ 1\n  constructor 2\n  h_1 3\n---\n{${head},"prompts":${polluting(agent)},"humans":${polluting(agent)}}`;
    assert.deepEqual(
      [1, 2, 3].map((line) => writerOf(note, 'a.ts', line)),
      ['unknown', 'unknown', 'human'],
    );
    assert.equal(({} as { author?: unknown }).author, undefined);
    assert.ok(performance.now() - started < 10_000);
  });

  it('comes back from its bytes as it was', () => {
    const key = fc.stringMatching(/^([sh]_)?[a-f][0-9a-f]{0,15}(::t_[0-9a-f]{1,16})?$/);
    const number = fc.integer({ min: 1, max: 0xffff_ffff });
    const range = fc.tuple(number, number).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    const plain = { noNullPrototype: true } as const;
    const entry = fc.record(
      {
        key,
        ranges: fc
          .uniqueArray(range, { minLength: 1, maxLength: 5, selector: ({ start }) => start })
          .map((ranges) => ranges.sort((a, b) => a.start - b.start)),
      },
      plain,
    );
    const file = fc.record(
      {
        path: fc.string({ unit: 'grapheme', minLength: 1 }).filter(isNotablePath),
        entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
      },
      plain,
    );
    const agent = fc.record({ tool: fc.string(), id: fc.string(), model: fc.string() });
    const attributes = fc
      .dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string())
      .map((object) => new Map(Object.entries(object)));
    const session = fc.record({ agent_id: agent, human_author: fc.option(fc.string()), custom_attributes: attributes });
    const map = <Value>(value: fc.Arbitrary<Value>) =>
      fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => new Map(entries));
    const metadata = fc.record({
      schema_version: fc.constant(gitAiVersion),
      git_ai_version: fc.constant('1.6.24'),
      base_commit_sha: fc.string(),
      prompts: map(
        fc.tuple(session, fc.nat()).map(([known, count]) => ({
          ...known,
          messages_url: undefined,
          total_additions: count,
          total_deletions: 0,
          accepted_lines: count,
          overriden_lines: 1,
        })),
      ),
      humans: map(fc.record({ author: fc.string() })),
      sessions: map(session),
    });
    fc.assert(
      fc.property(fc.record({ files: fc.array(file, { maxLength: 4 }), metadata }), (note) => {
        const text = writeGitAiNote(note);
        assert.deepEqual(read(text).files, note.files);
        assert.equal(writeGitAiNote(read(text)), text);
        // The standard's own tool writes JSON as any other does, with two blanks a level.
        const json = text.split(/(?:^|\n)---\n/)[1] as string;
        assert.equal(json, JSON.stringify(JSON.parse(json), null, 2));
      }),
    );
  });

  it('has keys that look like numbers in the order of their bytes', () => {
    const agent_id = { tool: 'cursor', id: 'x', model: 'm' };
    const keys = ['0abcdef', '1234567', 'ffffff1', '200'];
    const note = read(withLines('', { prompts: Object.fromEntries(keys.map((key) => [key, { agent_id }])) }));
    const written = [...writeGitAiNote(note).matchAll(/^ {4}"(\w+)": \{$/gm)].map((match) => match[1]);
    assert.deepEqual(written, ['0abcdef', '1234567', '200', 'ffffff1']);
  });

  it('has ids that are hashes of who they stand for', () => {
    assert.equal(gitAiSessionId('cursor', 'session_123'), 's_c9883b05a2487d');
    assert.equal(gitAiSessionId('claude', '7b2f0c1e-6a4d-4f5b-9a51-0f8d3c2b1a00'), 's_ebf5b8d83cdc5b');
    assert.equal(gitAiHumanId('Alice Smith <alice@example.com>'), 'h_31dce776f88375');
  });
});
