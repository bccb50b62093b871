import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Io } from '../../../src/cli/command.ts';
import { scoreFeatures } from '../../../src/cli/features.ts';
import { logitOf } from '../../../src/core/risk/additive.ts';
import { variantFor } from '../../../src/core/risk/model.ts';

const header = 'nd,nf,entropy,la,ld,lt,fix,ndev,age,nuc';
const row = '1,2,0.5,30,4,200,1,3,12.5,40';
const features = {
  directories: 1,
  files: 2,
  entropy: 0.5,
  linesAdded: 30,
  linesDeleted: 4,
  fileLines: 200,
  fix: true,
  history: { developers: 3, age: 12.5, changes: 40 },
};

describe('risk --features', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'features-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function score(text: string | Buffer, name = 'commits.csv'): Promise<{ lines: string[]; logits: number[] }> {
    await writeFile(path.join(folder, name), text);
    let output = '';
    const io: Io = {
      cwd: folder,
      out: (block) => {
        output += block;
      },
      error: assert.fail,
      readInput: () => assert.fail(),
    };
    await scoreFeatures(path.join(folder, name), io);
    const lines = output.trimEnd().split('\n');
    return { lines, logits: lines.slice(1).map((line) => Number(line.split(',')[1])) };
  }
  const expected = (changed: object = {}): number => {
    const given = { ...features, ...changed };
    return logitOf(variantFor(given), given);
  };

  it('prints probability and logit of each row', async () => {
    const { lines, logits } = await score(`${header}\n${row}\n${row.replace('30', '3000')}\n`);
    assert.equal(lines[0], 'probability,logit');
    assert.deepEqual(logits, [expected(), expected({ linesAdded: 3000 })]);
    const probability = Number(lines[1]?.split(',')[0]);
    assert.ok(Math.abs(probability - 1 / (1 + Math.exp(-expected()))) <= 1e-6);
  });

  it('takes columns in any order and beside others, quoted cells, CRLF, a byte-order mark and gzip', async () => {
    const names = header.split(',').reverse();
    const cells = row.split(',').reverse();
    const text = `\uFEFFmessage,${names.join(',')}\r\n"a ""quoted"", one\r\nof two lines",${cells.map((cell) => `"${cell}"`).join(',')}\r\n`;
    assert.deepEqual((await score(text)).logits, [expected()]);
    assert.deepEqual((await score(gzipSync(text), 'commits.csv.gz')).logits, [expected()]);
  });

  it('does without what is not known', async () => {
    const { logits } = await score(
      `${header}\n1,2,0.5,30,4,200,,3,12.5,40\n1,2,0.5,30,4,200,1,,12.5,40\n1,2,0.5,30,4,,True,,,\n`,
    );
    assert.deepEqual(logits, [
      expected({ fix: undefined }),
      expected({ history: undefined }),
      expected({ fileLines: undefined, history: undefined }),
    ]);
  });

  it('is a header alone where the file is', async () => {
    assert.deepEqual((await score(`${header}\n`)).lines, ['probability,logit']);
  });

  it('says which row and which column is off', async () => {
    const broken = (cells: string): string => `${header}\n${row}\n${cells}\n`;
    await assert.rejects(
      score(broken('1,2,0.5,many,4,200,1,3,12.5,40')),
      /commits\.csv: row 2, column la: "many" is not a number/,
    );
    await assert.rejects(score(broken('1,2,0.5,30,-4,200,1,3,12.5,40')), /row 2, column ld: "-4"/);
    await assert.rejects(score(broken('1,,0.5,30,4,200,1,3,12.5,40')), /row 2, column nf: ""/);
    await assert.rejects(score(broken('1,2,0.5,30,4,200,maybe,3,12.5,40')), /row 2, column fix: "maybe" is not 0 or 1/);
    await assert.rejects(score(broken('1,2,0.5')), /commits\.csv: .*line 3/);
    await assert.rejects(score(broken('"1,2')), /commits\.csv: .*[Qq]uote/);
  });

  it('says what the header lacks, that nothing is there, and that a file is none', async () => {
    await assert.rejects(score(`${header.replace(',lt', '')}\n`), /commits\.csv: the header lacks lt/);
    await assert.rejects(score(''), /commits\.csv: it is empty/);
    await assert.rejects(score('not gzip', 'commits.csv.gz'), /commits\.csv\.gz: incorrect header check/);
    const io: Io = { cwd: folder, out: assert.fail, error: assert.fail, readInput: () => assert.fail() };
    await assert.rejects(scoreFeatures(path.join(folder, 'none.csv'), io), /none\.csv: there is no such file$/);
  });

  it('comes to an end with an open quote that swallows the rest', async () => {
    const rest = `${row}\n`.repeat(60_000);
    await assert.rejects(score(`${header}\n"${rest}`), /commits\.csv: /);
  });
});
