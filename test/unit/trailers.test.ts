import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAssistance } from '../../src/core/assistance.ts';
import type { FileChange } from '../../src/core/change.ts';
import { lineHash } from '../../src/core/digest.ts';
import { identities } from '../../src/core/identities.ts';
import { sealRecord } from '../../src/core/record.ts';
import { assessRisk } from '../../src/core/risk/assess.ts';
import {
  formatTrailer,
  isTrailerStyle,
  type Trailer,
  type TrailerStyle,
  trailerStyles,
  trailersOf,
} from '../../src/core/trailers.ts';
import { ai } from '../support/authors.ts';

/** The trailers of a change of one AI line. */
function written(style: TrailerStyle, tool: string, model?: string): string[] {
  const author = { ...ai('s', { tool, model: model ?? '' }), ...(model === undefined && { model: undefined }) };
  const line = { number: 1, hash: lineHash('x'), class: 'ai', countsAsAi: true, author } as FileChange['lines'][number];
  const files: FileChange[] = [{ path: 'a', deleted: 0, lines: [line] }];
  const risk = assessRisk({ files });
  const sealed = sealRecord(files, { risk, time: '2026-01-01T00:00:00Z', program: 'countersign/0.0.0' });
  assert.ok(sealed);
  return trailersOf(files, sealed, risk, { style }).map(formatTrailer);
}

/** What other programs and projects expect of a line that names an assistant. */
const shapes: Partial<Record<TrailerStyle, readonly RegExp[]>> = {
  'assisted-by': [/^assisted-by\s*:\s*([^\r\n]+?)\s*$/im, /^Assisted-by: .+ \([^()]+\)$/],
  kernel: [/^assisted-by\s*:\s*([^\r\n]+?)\s*$/im, /^Assisted-by: LLM( \S+)*$/],
  'agent-model': [/^assisted-by\s*:\s*([^\r\n]+?)\s*$/im, /^Assisted-by: [^:\s][^:]*:[^\s]+( \S+)*$/],
  slash: [/^assisted-by\s*:\s*([^\r\n]+?)\s*$/im, /^Assisted-by: [^/\s]+\/[^/\s]+$/],
  'generated-by': [/^Generated-by: .+$/],
  openinfra: [/^(Generated|Assisted)-By: .+$/],
};

const trailer = (line: string): Trailer => {
  const at = line.indexOf(': ');
  return { key: line.slice(0, at), value: line.slice(at + 2) };
};

describe('the styles of trailers', () => {
  it('have the shape that their projects ask for, on one line of at most 100 columns, whatever the names', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.constantFrom('a:b/c d', 'x\nSigned-off-by: y', '(((', '///', '<a@b>', '\u202e', 'claude', 'codex'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...trailerStyles), names, names, (style, tool, model) => {
        // A model of which nothing can be printed is none.
        const lines = written(style, tool, `m${model}`);
        assert.equal(lines.length, style === 'none' ? 0 : style === 'kernel' ? 2 : 4);
        for (const line of lines) {
          assert.match(line, /^[A-Za-z-]+: [^\s\p{Cc}\p{Zl}\p{Zp}][^\p{Cc}\p{Zl}\p{Zp}]*$/u);
          assert.ok([...line].length <= 100, line);
        }
        for (const shape of shapes[style] ?? []) assert.match(lines[0] as string, shape);
      }),
    );
  });

  it('name an assistant without a model', () => {
    assert.deepEqual(
      trailerStyles.map((style) => written(style, 'claude')[0]),
      [
        'Assisted-by: Claude Code',
        'Assisted-by: LLM',
        'Assisted-by: Claude:unknown',
        'Assisted-by: claude-code/unknown',
        'Generated-by: Claude Code',
        'Generated-By: Claude Code',
        'Co-authored-by: Claude Code <noreply@anthropic.com>',
        undefined,
      ],
    );
  });

  it('take a co-author only at an address that is surely theirs', () => {
    for (const { tool, addresses, isUnconfirmed } of identities) {
      const [line = ''] = written('co-authored-by', tool, 'a model with quite a long name, longer than most');
      const expected = addresses && !isUnconfirmed ? `<${addresses[0]}>` : undefined;
      assert.equal(line.endsWith('>') ? line.slice(line.indexOf('<')) : undefined, expected, line);
      assert.ok(line.length <= 100, line);
    }
  });

  it('are read back as the assistant that they name', () => {
    for (const { tool } of identities) {
      for (const style of [
        'assisted-by',
        'agent-model',
        'slash',
        'generated-by',
        'openinfra',
        'co-authored-by',
      ] as const) {
        const [line = ''] = written(style, tool, 'm-1.5');
        const [mark] = readAssistance([trailer(line)]);
        // Only `Assisted-by` may name somebody whom nobody knows.
        if (mark || !line.startsWith('Generated')) assert.deepEqual([mark?.tool, mark?.model], [tool, 'm-1.5'], line);
      }
    }
  });

  it('are the ones that can be set', () => {
    assert.ok(trailerStyles.every(isTrailerStyle));
    for (const word of ['', 'Assisted-by', 'toString']) assert.ok(!isTrailerStyle(word));
  });
});

describe('what trailers say of assistants', () => {
  const toolsOf = (...lines: string[]): (string | undefined)[] =>
    readAssistance(lines.map(trailer)).map(({ tool }) => tool);

  it('counts names and shapes of assistants', () => {
    const claims: [line: string, tool: string | undefined][] = [
      ['Assisted-by: LLM', undefined],
      ['Assisted-by: LLM coccinelle sparse', undefined],
      ['Assisted-by: Claude:claude-opus-5', 'claude'],
      ['Assisted-by: Claude:claude-3-opus coccinelle sparse', 'claude'],
      ['Assisted-by: claude-code/opus', 'claude'],
      ['Assisted-by: Claude Code (opus)', 'claude'],
      ['assisted-By: GitHub Copilot', 'copilot'],
      ['Assisted-by: generic LLM chatbot', undefined],
      ['Assisted-by: unheard-of (m-1)', undefined],
      ['Generated-by: ChatGPT', undefined],
      ['Made-with: Cursor', 'cursor'],
      ['AI-Assisted-By: someone unheard of', undefined],
      ['Co-Authored-By: Claude Opus 4.5 <NoReply@Anthropic.com>', 'claude'],
      ['Co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>', 'copilot'],
      ['Co-authored-by: aider (gpt-5) <aider@aider.chat>', 'aider'],
      ['Co-Authored-By: Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>', 'devin'],
      ['Claude-Session: https://claude.ai/code/session_1', 'claude'],
      ['Agent-Logs-Url: https://github.com/o/r/sessions/1', 'copilot'],
      ['AI-Lines: 3/9 added, 0 reviewed', undefined],
    ];
    for (const [line, tool] of claims) assert.deepEqual(toolsOf(line), [tool], line);
  });

  it('counts no person, no denial, and no tool of another kind', () => {
    const others = [
      ...['Assisted-by: none', 'Assisted-by: N/A', 'Assisted-by: no', 'AI-Assisted: false', 'AI-Agent: -', 'Agent: na'],
      ...['Assisted-by: Jane Doe', 'Assisted-by: Jane Doe <jane@example.com>', 'Assisted-by: Claude Monet'],
      ...['Assisted-by: see https://example.com/thread', 'Generated-by: protoc', 'Generated-by: bison/3.8'],
      ...['Co-authored-by: Claude Dupont <claude@example.com>', 'Co-authored-by: Somebody <codex@example.com>'],
      ...['Co-authored-by: Employee <jane@anthropic.com>', 'Signed-off-by: Claude <claude@example.org>'],
      ...['Co-authored-by: coderabbitai[bot] <136622811+coderabbitai[bot]@users.noreply.github.com>'],
      ...['Co-authored-by: Human <12345+human@users.noreply.github.com>', 'AI-Lines: 0/9 added, 0 reviewed'],
      ...['Reviewed-by: Copilot', 'Fixes: claude/1', 'Assisted-by: '],
    ];
    for (const line of others) assert.deepEqual(readAssistance([trailer(line)]), [], line);
  });

  it('tells a session from an assistant', () => {
    const marks = readAssistance(['Amp-Thread-ID: T-1', 'Co-authored-by: Amp <amp@ampcode.com>'].map(trailer));
    assert.deepEqual(
      marks.map(({ kind, tool }) => [kind, tool]),
      [
        ['session', 'amp'],
        ['assistant', 'amp'],
      ],
    );
  });
});
