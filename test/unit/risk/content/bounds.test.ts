import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contentFindings, maxFileLength, maxFiles, ownFault } from '../../../../src/core/risk/content/findings.ts';
import type { ChangedFile } from '../../../../src/core/risk/content.ts';
import { changedFile } from './snippets.ts';

/** A new file, without the cost of a diff. */
function newFile(path: string, after: string): ChangedFile {
  const lines = after.split('\n').length;
  return { path, before: undefined, after, added: Array.from({ length: lines }, (_, i) => i + 1), removed: [] };
}

/** Seconds of CPU; what grows with the square of the length takes minutes for what is tried here. */
const maxSeconds = 10;

async function secondsFor(file: ChangedFile): Promise<number> {
  const start = process.cpuUsage();
  await contentFindings([file]);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const long = 900_000;
const filled = (piece: string, length = long): string => piece.repeat(Math.floor(length / piece.length));

describe('bounds of the rules on content', () => {
  const hostile: Readonly<Record<string, readonly [path: string, text: string]>> = {
    'brackets of YAML': ['a.yaml', filled('[', 400_000).replace(/(.{1000})/g, '$1\n')],
    'aliases of YAML': [
      'a.yaml',
      Array.from(
        { length: 30 },
        (_, i) => `a${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1},*a${i - 1},*a${i - 1}`}]`,
      ).join('\n'),
    ],
    'maps within maps of YAML': ['a.yaml', Array.from({ length: 1_200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    'braces of JSON': ['a.json', filled('{"a":\n', 300_000)],
    'blocks of HCL': ['a.tf', filled('a {\n', 300_000)],
    'lists of HCL that are none': ['a.tf', `a = ${'[\n'.repeat(60)}1 + 1${' + 1]\n'.repeat(60)}`.repeat(1_000)],
    'deletions of SQL without an end': ['a.sql', filled('DELETE FROM a\n')],
    'quotes of SQL': ['a.sql', filled("'''\n")],
    'comments of SQL': ['a.sql', filled('/*\n')],
    'blank lines of code': ['app/a.py', `import os\n${filled('\n')}os.chmod(a, 0o777)`],
    'quotes of code': ['src/a.ts', filled('"\'`\n')],
    'half a call, many times': ['src/a.ts', filled('csrf ( ) . checkServerTrusted( chmod(\n')],
    'texts joined': ['src/a.ts', `db.query(${filled('"DELETE " +\n', 300_000)}"")`],
    subshells: ['a.sh', filled('(\n', 200_000)],
    'commands that all may tell': ['a.sh', filled('rm -rf "$A" && export A=b\n', 300_000)],
    'stages of an image': ['Dockerfile', filled('FROM a:1 AS b\nUSER root\n', 190_000)],
    'dependencies of XML without an end': ['pom.xml', filled('<dependency>\n')],
    'requirements of TOML': [
      'Cargo.toml',
      `[dependencies]\n${Array.from({ length: 20_000 }, (_, i) => `a${i} = "1"`).join('\n')}`,
    ],
    'what may be a secret': ['a.env', filled('password=aaaaaaaaaaaaaaaaaaaaaaaaa1A\n')],
    'one word': ['src/a.ts', filled('a', 19_000)],
  };
  for (const [name, [path, text]] of Object.entries(hostile)) {
    it(`${name} take no more time than they are long`, async () => {
      const seconds = await secondsFor(newFile(path, text));
      assert.ok(seconds < maxSeconds, `${seconds} s`);
    });
  }

  it('what is too large is named and not looked at', async () => {
    const line = `${'a'.repeat(30_000)}\nDROP TABLE a;\n`;
    const { findings, skipped } = await contentFindings([
      newFile('large.sql', 'DROP TABLE a;\n'.repeat(maxFileLength / 10)),
      newFile('minified.sql', line),
      { ...newFile('lock.sql', 'DROP TABLE a;\n'), apart: 'generated' },
      newFile('a.sql', 'DROP TABLE a;\n'),
    ]);
    assert.deepEqual(
      skipped.map(({ path }) => path),
      ['large.sql', 'minified.sql', 'lock.sql'],
    );
    assert.deepEqual(
      findings.map(({ where }) => where),
      [{ path: 'a.sql', line: 1 }],
    );
  });

  it('of 20,000 files the first are looked at, and the others named', async () => {
    const files = Array.from({ length: 20_000 }, (_, i) => newFile(`a${i}.sql`, 'DROP TABLE a;\n'));
    const { findings, skipped } = await contentFindings(files);
    assert.equal(findings.length, maxFiles);
    assert.equal(skipped.length, 20_000 - maxFiles);
  });

  it('commands that are not looked at are named, and the first still count', async () => {
    const script = Array.from({ length: 501 }, (_, i) => `rm -rf /srv/data${i}\n`).join('');
    const { findings, skipped } = await contentFindings([newFile('a.sh', script), newFile('b.ps1', 'Remove-Item x\n')]);
    assert.equal(findings.length, 500);
    assert.deepEqual(skipped, [
      { path: 'a.sh', reason: 'more than 500 commands that could say something' },
      { path: 'b.ps1', reason: 'commands of PowerShell and of Windows are not read' },
    ]);
  });

  it('a text that cannot be read is named, and the others still count', async () => {
    const { findings, skipped } = await contentFindings([
      newFile('Cargo.toml', '[dependencies\n'),
      newFile('b.yaml', 'a: [\nprivileged: true\n'),
    ]);
    assert.deepEqual(
      skipped.map(({ path, reason }) => [path, reason.split(':')[0]]),
      [['Cargo.toml', 'it could not be read']],
    );
    assert.deepEqual(
      findings.map(({ pattern }) => pattern),
      ['privileged'],
    );
  });

  it('no text makes it throw, and nothing is told that is not in the change', async () => {
    const piece = fc.constantFrom(
      ...[
        'DROP TABLE a;',
        'rm -rf /x',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '`',
        '\n',
        ' ',
        ':',
        '=',
        '- ',
        '#',
        '//',
        '/*',
        '*/',
        '<<EOF',
        'EOF',
        '$(',
        '${',
        '{{',
        '}}',
        '\\',
        '&a',
        '*a',
        '\t',
      ],
      ...[
        'resource "aws_db_instance" "a"',
        'privileged: true',
        'FROM a',
        'RUN ',
        'password = "kT9!vq2LmZ4x"',
        '"dependencies"',
        'verify=False',
        '<dependency>',
        '\u0000',
        '\ud800',
        '🙂',
      ],
    );
    const path = fc.constantFrom(
      'a.sql',
      'a.sh',
      'a.ts',
      'a.py',
      'a.tf',
      'a.yaml',
      'a.json',
      'Dockerfile',
      'package.json',
      'pom.xml',
      'Cargo.toml',
      'go.mod',
      'Makefile',
      '.env',
      '.github/workflows/a.yml',
      'compose.yaml',
      'a.gradle',
      'requirements.txt',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(path, text, text, async (name, before, after) => {
        const file = changedFile(name, before, after);
        const { findings, skipped } = await contentFindings([file]);
        assert.ok(!skipped.some(({ reason }) => reason.startsWith(ownFault)), JSON.stringify(skipped));
        const lines = after.split('\n').length;
        for (const { where } of findings)
          assert.ok(where.line === undefined || (where.line >= 1 && where.line <= lines));
        const same = changedFile(name, after, after);
        assert.deepEqual((await contentFindings([same])).findings, []);
      }),
      { numRuns: 600 },
    );
  });
});
