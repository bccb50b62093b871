import assert from 'node:assert/strict';
import { chmod, chown, lstat, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hookCommand } from '../../../src/agents/install/hookCommand.ts';
import { inspectInstallation, planInstall, planUninstall } from '../../../src/agents/install/plan.ts';
import { type Form, files, json, places, samples, yaml } from './fixtures.ts';
import { Home } from './home.ts';

const forms = Object.keys(samples) as Form[];
const plain: Readonly<Record<Form, string>> = {
  json: '{\n  "model": "m"\n}\n',
  toml: 'model = "m"\n',
  yaml: 'model: m\n',
};

describe('an installation', () => {
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
    await mkdir(home.file('.sample'));
  });
  afterEach(() => home.dispose());

  async function install(assistant = json): Promise<string> {
    const { changes, carryOut } = await planInstall(assistant, home.user);
    await carryOut();
    return changes.map((change) => (change.change === 'refused' ? `refused: ${change.why}` : change.change)).join(', ');
  }

  async function uninstall(assistant = json): Promise<string> {
    const { changes, carryOut } = await planUninstall(assistant, home.user);
    await carryOut();
    return changes.map((change) => (change.change === 'refused' ? `refused: ${change.why}` : change.change)).join(', ');
  }

  async function state(assistant = json): Promise<string> {
    const found = await inspectInstallation(assistant, home.user);
    return found.reason === undefined ? found.state : `${found.state}: ${found.reason}`;
  }

  /** Neither comes nor goes, for this reason, and the file stays as it is. */
  async function isRefused(form: Form, text: string | Uint8Array, reason: RegExp): Promise<void> {
    await home.write(places[form], text);
    const found = await home.tree();
    assert.match(await install(samples[form]), reason);
    assert.match(await uninstall(samples[form]), reason);
    assert.deepEqual(await home.tree(), found);
  }

  describe('is refused, with the reason, and nothing is touched,', () => {
    const malformed: readonly [Form, text: string, reason: RegExp][] = [
      ['json', '', /^refused: it is empty$/],
      ['json', '\ufeff \n', /it is empty/],
      ['json', '{\n  "a": \n', /not valid JSON \(\w+ in line \d\)/],
      ['json', '{"a": 1} x', /not valid JSON/],
      ['json', '[]', /does not hold a JSON object/],
      ['json', 'null', /does not hold a JSON object/],
      ['toml', 'a = 1\nb = [\n', /not valid TOML \(.+ in line \d\)/],
      ['toml', 'a = 1\na = 2\n', /not valid TOML/],
      ['yaml', 'a: 1\nb: [\n', /not valid YAML \(.+ in line \d\)/],
      ['yaml', 'a: 1\na: 2\n', /not valid YAML/],
      ['yaml', '- a\n', /does not hold keys/],
      ['yaml', 'a: 1\n---\nb: 2\n', /more than one document/],
    ];
    for (const [form, text, reason] of malformed) {
      it(`of ${form} that is ${JSON.stringify(text)}`, () => isRefused(form, text, reason));
    }

    const elsewhere: readonly [Form, text: string, reason: RegExp][] = [
      ['json', '{"hooks": []}', /its "hooks" is not an object/],
      ['json', '{"hooks": {"After": {}}}', /its "hooks.After" is not a list/],
      ['json', '{"hooks": {"After": []}, "hooks": {"After": []}}', /it has "hooks" 2 times/],
      ['json', '{"tools": true}', /its "tools" is not an object/],
      ['toml', 'hooks = 1\n', /cannot be edited/],
      ['toml', 'hooks = { After = [] }\n', /cannot be edited/],
      ['toml', '[hooks]\nAfter = [{ matcher = "x" }]\n', /cannot be edited/],
      ['yaml', '{ a: 1 }\n', /cannot be edited/],
      ['yaml', 'a: 1\n...\n', /cannot be edited|more than one document/],
    ];
    for (const [form, text, reason] of elsewhere) {
      it(`of ${form} that has no place for it: ${JSON.stringify(text)}`, async () => {
        await home.write(places[form], text);
        const found = await home.tree();
        assert.match(await install(samples[form]), reason);
        assert.deepEqual(await home.tree(), found);
      });
    }

    for (const form of forms) {
      it(`of ${form} that is no text, or has more than 10 MB`, async () => {
        await isRefused(form, Uint8Array.of(0x7b, 0xff, 0x7d), /no text in UTF-8/);
        await isRefused(form, ' '.repeat(10 * 1024 * 1024 + 1), /more than any settings/);
      });

      it(`of ${form} that is read-only, or in a read-only folder`, async () => {
        const file = await home.write(places[form], plain[form]);
        await chmod(file, 0o444);
        await isUntouched(form, /^refused: it is read-only$/);
        await chmod(file, 0o644);
        await chmod(path.dirname(file), 0o555);
        await isUntouched(form, /^refused: its folder .* is read-only$/);
        await chmod(path.dirname(file), 0o755);
      });
    }

    async function isUntouched(form: Form, reason: RegExp): Promise<void> {
      const found = await home.tree();
      assert.match(await install(samples[form]), reason);
      assert.deepEqual(await home.tree(), found);
    }

    it('where a folder, or a link to nothing, has the name', async () => {
      await mkdir(home.file(places.json));
      assert.match(await install(), /it is no file/);
      await rm(home.file(places.json), { recursive: true });
      await symlink(home.file('nowhere.json'), home.file(places.json));
      assert.match(await install(), /a link to nothing/);
      await assert.rejects(lstat(home.file('nowhere.json')), { code: 'ENOENT' });
    });

    it('where a file changes between the plan and the writing', async () => {
      for (const form of forms) {
        await home.write(places[form], plain[form]);
        const plan = await planInstall(samples[form], home.user);
        const comment = form === 'json' ? `${plain.json} ` : `${plain[form]}# late\n`;
        await home.write(places[form], comment);
        await assert.rejects(plan.carryOut(), /was changed meanwhile/);
        assert.equal(await home.read(places[form]), comment);
      }
    });
  });

  describe('keeps', () => {
    for (const form of forms) {
      it(`the mode of a ${form} file, and makes new ones for their owner alone`, async () => {
        const mode = async (name: string): Promise<number> => (await stat(home.file(name))).mode & 0o777;
        for (const kept of [0o600, 0o644]) {
          await chmod(await home.write(places[form], plain[form]), kept);
          assert.equal(await install(samples[form]), 'written');
          assert.equal(await mode(places[form]), kept);
          assert.equal(await uninstall(samples[form]), 'written');
          assert.equal(await mode(places[form]), kept);
        }
        await rm(home.file('.sample'), { recursive: true });
        assert.equal(await install(samples[form]), 'written');
        assert.equal(await mode(places[form]), 0o600);
        assert.equal(await mode('.sample'), 0o700);
        assert.equal(await mode('.countersign/installed/sample.json'), 0o600);
        assert.equal(await mode('.countersign/installed'), 0o700);
      });

      it(`the links to a ${form} file, and to its folder`, async () => {
        const real = await home.write('dotfiles/settings', plain[form]);
        await symlink(real, home.file(places[form]));
        const linked = await home.tree();
        assert.equal(await install(samples[form]), 'written');
        assert.ok((await lstat(home.file(places[form]))).isSymbolicLink());
        assert.match(await home.read('dotfiles/settings'), /countersign/);
        assert.equal(await uninstall(samples[form]), 'written');
        assert.deepEqual(await home.tree(), linked);

        await rm(home.file(places[form]));
        await rename(home.file('.sample'), home.file('elsewhere'));
        await symlink('elsewhere', home.file('.sample'));
        const away = await home.tree();
        assert.equal(await install(samples[form]), 'written');
        assert.ok((await lstat(home.file('.sample'))).isSymbolicLink());
        assert.equal(await uninstall(samples[form]), 'removed');
        assert.deepEqual(await home.tree(), away);
      });
    }

    if (process.getuid?.() === 0) {
      it('the owner, where root installs for somebody', async () => {
        const file = await home.write(places.json, plain.json);
        await chown(file, 1234, 2345);
        assert.equal(await install(), 'written');
        const { uid, gid } = await stat(file);
        assert.deepEqual([uid, gid], [1234, 2345]);
      });
    }

    it('nothing of a settings file that it did not change', async () => {
      const secret = 'sk-123456';
      await home.write(places.json, `{\n  "a": "${secret}",\n  "hooks": {},\n  "b": "${secret}"\n}\n`);
      await home.write(places.yaml, `key: ${secret}`);
      assert.equal(await install(), 'written');
      assert.ok(!(await home.read('.countersign/installed/sample.json')).includes(secret));
      assert.equal(await install(yaml), 'written');
      assert.ok(!(await home.read('.countersign/installed/sample.json')).includes(secret));
    });

    it('CRLF, tabs, indentation and comments, in what it adds, too', async () => {
      await home.write(places.json, '{\r\n\t// mine\r\n\t"model": "m"\r\n}\r\n');
      assert.equal(await install(), 'written');
      const text = await home.read(places.json);
      assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
      assert.match(text, /\r\n\t\/\/ mine\r\n\t"model": "m",\r\n\t"hooks": \{\r\n\t\t"Before": \[\r\n\t\t\t\{/);
      await home.write(places.toml, 'a = 1\r\n');
      assert.equal(await install(samples.toml), 'written');
      assert.equal((await home.read(places.toml)).replaceAll('\r\n', '').includes('\n'), false);
    });
  });

  const foreign = {
    json: (group: string): string => `{
  "hooks": {
    // others'
    "Before": [
      { "matcher": "x", "hooks": [{ "type": "command", "command": "theirs.sh" }] },
      ${group}
    ]
  }
}
`,
  };
  const own = (): { type: string; command: string; timeout: number } => {
    const { sh } = hookCommand(json, home.user);
    return { type: 'command', command: sh, timeout: 10 };
  };

  describe('on top of an earlier one', () => {
    it('replaces what an older version wrote where it stands, and takes it out all the same', async () => {
      const old = { type: 'command', command: '/old/countersign hook sample' };
      const group = JSON.stringify({ matcher: 'Edit', hooks: [old] });
      await home.write(places.json, foreign.json(group));
      assert.equal(await state(), 'stale');
      assert.equal(await install(), 'written');
      const text = await home.read(places.json);
      const { Before, After } = JSON.parse(text.replace("// others'", '')).hooks;
      assert.deepEqual(Before[1], { matcher: 'Edit|Shell', hooks: [own()] });
      assert.deepEqual([Before.length, After.length], [2, 1]);
      assert.equal(await state(), 'current');
      assert.equal(await uninstall(), 'written');
      assert.deepEqual(JSON.parse((await home.read(places.json)).replace("// others'", '')), {
        hooks: { Before: [{ matcher: 'x', hooks: [{ type: 'command', command: 'theirs.sh' }] }] },
      });
    });

    it('replaces tables of TOML where they stand', async () => {
      const old = `[[hooks.Before]]\nmatcher = "Edit"\n[[hooks.Before.hooks]]\ncommand = "countersign hook sample"\n`;
      await home.write(
        places.toml,
        `[[hooks.Before]]\nmatcher = "x"\n\n${old}\n# about it\n[tui]\nlong = """\n[[hooks.Before]]\n"""\n`,
      );
      assert.equal(await state(samples.toml), 'stale');
      assert.equal(await install(samples.toml), 'written');
      const text = await home.read(places.toml);
      assert.match(
        text,
        /"x"\n\n\[\[hooks\.Before\]\]\nmatcher = "Edit\|Shell"\n\n\[\[hooks\.Before\.hooks\]\]\n[\s\S]*\n\n# about it\n\[tui\]/,
      );
      assert.equal(await state(samples.toml), 'current');
      assert.equal(await uninstall(samples.toml), 'written');
      assert.equal(
        await home.read(places.toml),
        `[[hooks.Before]]\nmatcher = "x"\n\n# about it\n[tui]\nlong = """\n[[hooks.Before]]\n"""\n`,
      );
    });

    it('takes out what an older version had in lists that are not used now', async () => {
      await home.write(
        places.json,
        '{"hooks": {"Gone": [{"command": "countersign hook sample"}], "Kept": [{"command": "a"}]}}',
      );
      assert.equal(await install(), 'written');
      assert.deepEqual(JSON.parse(await home.read(places.json)).hooks.Gone, []);
      assert.deepEqual(JSON.parse(await home.read(places.json)).hooks.Kept, [{ command: 'a' }]);
    });

    it('leaves what a person added to our group', async () => {
      assert.equal(await install(), 'written');
      const settings = JSON.parse(await home.read(places.json));
      settings.hooks.Before[0].hooks.push({ type: 'command', command: 'theirs.sh' });
      await home.write(places.json, JSON.stringify(settings, null, 2));
      assert.equal(await install(), 'unchanged');
      assert.equal(await uninstall(), 'written');
      assert.deepEqual(JSON.parse(await home.read(places.json)), {
        hooks: { Before: [{ matcher: 'Edit|Shell', hooks: [{ type: 'command', command: 'theirs.sh' }] }] },
      });
    });

    it('leaves what a person changed in our entry, or switched off, and says so', async () => {
      assert.equal(await install(), 'written');
      const text = await home.read(places.json);
      await home.write(places.json, text.replace('Edit|Shell', 'Edit'));
      assert.equal(await install(), 'unchanged');
      assert.equal(await state(), 'edited: hooks.Before[0] was changed by hand');
      await home.write(places.json, text.replace('"timeout": 10', '"timeout": 10, "disabled": true'));
      assert.equal(await install(), 'unchanged');
      assert.equal(await state(), 'disabled: hooks.Before[0] is switched off');
      assert.equal(await uninstall(), 'removed');
    });

    it('brings a changed entry today’s command and nothing else', async () => {
      assert.equal(await install(), 'written');
      const text = await home.read(places.json);
      const theirs = text.replace('Edit|Shell', 'Edit').replace(/"\[ -x[^"]*"/, '"/old/countersign hook sample"');
      await home.write(places.json, theirs);
      assert.equal(await install(), 'written');
      assert.equal(await home.read(places.json), text.replace('Edit|Shell', 'Edit'));
    });

    it('brings back what was there first, after an update', async () => {
      const first = '{\n  "model": "m"\n}';
      await home.write(places.json, first);
      const older = {
        ...json,
        hooks: {
          ...json.hooks,
          items: () => [{ list: ['hooks', 'Before'], item: { command: 'countersign hook sample' } }],
        },
      };
      assert.equal(await install(older as typeof json), 'written');
      assert.equal(await install(), 'written');
      assert.equal(await uninstall(), 'written');
      assert.equal(await home.read(places.json), first);
    });

    it('leaves a value that is otherwise, and one that a person set', async () => {
      await home.write(places.yaml, 'notify: false\n');
      const plan = await planInstall(yaml, home.user);
      assert.deepEqual(plan.remarks, [`"notify" in ${home.file(places.yaml)} is false, and stays so`]);
      assert.equal(await install(yaml), 'written');
      assert.equal(await state(yaml), 'edited: "notify" has another value');
      await home.write(places.yaml, `${await home.read(places.yaml)}# mine\n`);
      assert.equal(await uninstall(yaml), 'written');
      assert.equal(await home.read(places.yaml), 'notify: false\n# mine\n');
    });

    it('takes out what it set, though the rest has changed since', async () => {
      await home.write(places.yaml, 'a: 1\n');
      assert.equal(await install(yaml), 'written');
      await home.write(places.yaml, (await home.read(places.yaml)).replace('a: 1', 'a: 2 # mine'));
      assert.equal(await uninstall(yaml), 'written');
      assert.equal(await home.read(places.yaml), 'a: 2 # mine\n');
    });
  });

  describe('of files of our own', () => {
    it('makes them, executable where they have to be, and the folders go with them', async () => {
      const found = await home.tree();
      assert.equal(await install(files), 'written, written');
      assert.equal((await stat(home.file('.sample/scripts/AfterEdit'))).mode & 0o777, 0o700);
      assert.equal((await stat(home.file('.sample/plugins/countersign.js'))).mode & 0o777, 0o600);
      assert.equal(await install(files), 'unchanged, unchanged');
      assert.equal(await state(files), 'current');
      assert.equal(await uninstall(files), 'removed, removed');
      assert.deepEqual(await home.tree(), found);
    });

    it('keeps a folder that holds something else by now', async () => {
      await install(files);
      await home.write('.sample/plugins/theirs.js', '');
      await uninstall(files);
      assert.deepEqual(Object.keys(await home.tree()), ['.sample', '.sample/plugins', '.sample/plugins/theirs.js']);
    });

    it('leaves the file of somebody else, and then writes none', async () => {
      await home.write('.sample/scripts/AfterEdit', '#!/bin/sh\necho theirs\n');
      const found = await home.tree();
      assert.match(await install(files), /written, refused: it is not of Countersign/);
      assert.deepEqual(await home.tree(), found);
      assert.equal(await uninstall(files), 'unchanged, unchanged');
      assert.deepEqual(await home.tree(), found);
    });

    it('replaces those of an older version, and leaves those that a person changed', async () => {
      await home.write('.sample/plugins/countersign.js', '// Countersign: an old one\n');
      assert.equal(await state(files), 'stale');
      assert.equal(await install(files), 'written, written');
      await writeFile(home.file('.sample/plugins/countersign.js'), '// Countersign: and mine\n');
      assert.match(await install(files), /refused: it was changed by hand/);
      assert.match(await uninstall(files), /refused: it was changed by hand/);
      assert.equal(await home.read('.sample/plugins/countersign.js'), '// Countersign: and mine\n');
    });
  });
});
