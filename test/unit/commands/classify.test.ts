import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CommandClass, dangerousClasses } from '../../../src/core/commands/classes.ts';
import { type Classification, classifyCommand, maxCommandLength } from '../../../src/core/commands/classify.ts';
import type { Surroundings } from '../../../src/core/commands/simpleCommand.ts';
import { isHeldOut, type Labelled, readLabelled, surroundings } from './labelled.ts';

const labelled = readLabelled();

const classify = (command: string, place: Partial<Surroundings> = {}): Classification =>
  classifyCommand(command, { ...surroundings, ...place });

const isDangerous = (name: CommandClass): boolean => (dangerousClasses as readonly CommandClass[]).includes(name);

/** How well the dangerous classes are told, over all commands and classes together. */
function measure(commands: readonly Labelled[]): { precision: number; recall: number; wrong: string[] } {
  let right = 0;
  let told = 0;
  let deserved = 0;
  const wrong: string[] = [];
  for (const { command, classes } of commands) {
    const found = classify(command).classes.filter(isDangerous);
    const due = classes.filter(isDangerous);
    told += found.length;
    deserved += due.length;
    right += found.filter((name) => due.includes(name)).length;
    if (found.join() !== due.join()) wrong.push(`${command}: ${found.join(', ') || 'nothing'}`);
  }
  return { precision: right / told, recall: right / deserved, wrong };
}

describe('the classes of commands', () => {
  it('are labelled for more than 400 commands, many of them harmless look-alikes', () => {
    const harmless = labelled.filter(({ classes }) => !classes.some(isDangerous));
    assert.ok(labelled.length > 400);
    assert.ok(harmless.length > 0.4 * labelled.length, `${harmless.length} of ${labelled.length}`);
    assert.equal(new Set(labelled.map(({ command }) => command)).size, labelled.length);
  });

  it('are told with a precision and a recall of at least 0.97 where no rule was written for the command', () => {
    const heldOut = labelled.filter(isHeldOut);
    assert.ok(heldOut.length > 250);
    const { precision, recall, wrong } = measure(heldOut);
    assert.ok(precision >= 0.97, `precision ${precision}: ${wrong.join('; ')}`);
    assert.ok(recall >= 0.97, `recall ${recall}: ${wrong.join('; ')}`);
  });

  for (const { command, classes } of [...labelled.filter((each) => !isHeldOut(each)), ...readLabelled('later.txt')]) {
    it(`${JSON.stringify(command)} → ${classes.join(', ')}`, () => {
      assert.deepEqual(classify(command).classes, classes);
    });
  }
});

describe('a removal', () => {
  it('is judged by where it happens: without a repository the folder takes its place', () => {
    const { top: _, ...nowhere } = { ...surroundings, folder: '/srv/app' };
    assert.deepEqual(classifyCommand('rm -rf build', nowhere).classes, ['other']);
    assert.deepEqual(classifyCommand('rm -rf ..', nowhere).classes, ['destructive']);
  });

  it('is harmless in the repository from any of its folders, and not beside it', () => {
    const folder = '/home/dev/project/packages/web';
    assert.deepEqual(classify('rm -rf ../../dist', { folder }).classes, ['other']);
    assert.deepEqual(classify('rm -rf ../..', { folder }).classes, ['destructive']);
    assert.deepEqual(classify('rm -rf ../../../project-two', { folder }).classes, ['destructive']);
  });

  it('is destructive in a repository that is itself temporary where it takes the repository', () => {
    const place = { folder: '/tmp/clones/repo', top: '/tmp/clones/repo' };
    assert.deepEqual(classify('rm -rf .', place).classes, ['destructive']);
    assert.deepEqual(classify('rm -rf ..', place).classes, ['destructive']);
    assert.deepEqual(classify('rm -rf *', place).classes, ['destructive']);
    assert.deepEqual(classify('rm -rf ./out /tmp/other', place).classes, ['other']);
  });

  it('follows cd, variables, loops and braces', () => {
    for (const command of [
      'cd src && cd ../.. && rm -rf x',
      'A=/srv; B=$A/data; rm -rf "$B"',
      'for d in src/a ../b; do rm -rf $d; done',
      'rm -rf {dist,../other}',
      'f() { rm -rf "$1"; }; f /srv',
      'export T=/srv/x; rm -rf $T',
      'bash -c \'rm -rf "$1"\' _ /srv/x',
    ]) {
      assert.deepEqual(classify(command).classes, ['destructive'], command);
    }
    for (const command of [
      'cd src && rm -rf ../x',
      'A=dist; rm -rf "$A"',
      'for d in a b; do rm -rf $d; done',
      'rm -rf {dist,out}/cache',
      '(cd /srv); rm -rf x',
      'bash -c \'rm -rf "$1"\' _ dist',
    ]) {
      assert.deepEqual(classify(command).classes, ['other'], command);
    }
  });

  it('reads Windows paths', () => {
    const place = {
      folder: 'C:\\code\\project',
      top: 'C:\\code\\project',
      home: 'C:\\Users\\dev',
      temporary: ['C:\\Temp'],
    };
    assert.deepEqual(classify('Remove-Item -Recurse C:\\code\\project\\dist', place).classes, ['other']);
    assert.deepEqual(classify('Remove-Item -Recurse .\\dist', place).classes, ['other']);
    assert.deepEqual(classify('Remove-Item -Recurse $env:TEMP\\x', place).classes, ['other']);
    assert.deepEqual(classify('Remove-Item -Recurse C:\\code', place).classes, ['destructive']);
    assert.deepEqual(classify('rm -rf C:/code/other', place).classes, ['destructive']);
  });
});

describe('a classification', () => {
  it("says what in the rules' own words, whatever the command holds", () => {
    const command = 'terraform destroy -var password=hunter2 && sudo -u hunter2 rm -rf /srv/hunter2';
    assert.deepEqual(
      classify(command).findings.map(({ class: name, what }) => `${name}: ${what}`),
      ['destructive: terraform destroy', 'privilege: sudo', 'destructive: rm -r'],
    );
    fc.assert(
      fc.property(fc.constantFrom(...labelled), fc.stringMatching(/^[a-z0-9]{12}$/), ({ command }, secret) => {
        const told = JSON.stringify(classify(`${command} ${secret} --x=${secret} -p${secret}`));
        assert.ok(!told.includes(secret), told);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads what stands on lines before a mistake, as a shell does, and says that it is not all', () => {
    assert.deepEqual(classify('rm -rf /srv\nif (('), { ...classify('rm -rf /srv'), unparsed: true });
    assert.deepEqual(classify('echo "rm -rf /srv'), { classes: ['other'], findings: [], unparsed: true });
  });

  it('does not read a command that is too long', () => {
    assert.deepEqual(classify(`rm -rf /srv ${'x'.repeat(maxCommandLength)}`), {
      classes: ['other'],
      findings: [],
      unparsed: true,
    });
  });

  it('comes to an end for any text, soon', () => {
    const pieces = [
      'rm -rf /',
      '$(',
      '`',
      '"',
      "'",
      '{a,b}',
      '(',
      ')',
      '|',
      '&&',
      'sh -c ',
      'sudo ',
      '<<E\n',
      '\n',
      '\0',
    ];
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 }));
    const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 200 })), (command) => {
        assert.ok(classify(command).classes.length > 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes time in line with the length, also where a command is made to take longer', () => {
    const repeated: [string, string][] = [
      ['$(', ''],
      ['`', ''],
      ['"$(', ''],
      ['{a,b}', ''],
      ['((', ''],
      ['sudo ', ''],
      ['sh -c "', ''],
      ["eval '", ''],
      ['a|', 'b'],
      ['for x in 1 2 3 4 5 6 7 8; do ', 'rm -rf $x'],
      ['x=$x$x; ', 'rm $x'],
      ["psql -c '", ''],
      ['a && ', 'b'],
      ['psql -c "/* $a$ ', ''],
      ['iex (', ''],
      ['npx ', ''],
      ['find . -exec ', ''],
      ['xargs ', ''],
    ];
    for (const [piece, end] of repeated) {
      const command = (piece.repeat(maxCommandLength / piece.length) + end).slice(-maxCommandLength);
      const began = process.hrtime.bigint();
      classify(command);
      const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
      assert.ok(milliseconds < 5_000, `${JSON.stringify(piece)}: ${Math.round(milliseconds)} ms`);
    }
  });
});
