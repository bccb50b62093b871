import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { planInstall, planUninstall } from '../../../src/agents/install/plan.ts';
import { json, places } from './fixtures.ts';
import { Home } from './home.ts';

/** How a text is written: a source of choices, so that a shrunk value has a shrunk text. */
interface Style {
  readonly eol: string;
  readonly indent: string;
  /** How much there is besides values: comments, blank lines, trailing commas; each a number below 12. */
  readonly choices: readonly number[];
}

const key = fc.oneof(fc.constantFrom('hooks', 'model', 'env', 'a b', 'ключ', '"', ''), fc.string({ maxLength: 5 }));
const group = fc.record({
  matcher: fc.string({ maxLength: 4 }),
  hooks: fc.array(fc.record({ type: fc.constant('command'), command: fc.string({ maxLength: 8 }) }), { maxLength: 2 }),
});
const events = fc.dictionary(fc.constantFrom('Before', 'After', 'Other'), fc.array(group, { maxLength: 3 }));
const settings = fc
  .tuple(
    fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    fc.option(events, { nil: undefined }),
    fc.boolean(),
  )
  // What stands at the places of ours is of the right kind; another is refused, which other tests are about.
  .map(([others, hooks, first]) => {
    const { hooks: _, tools: __, disableAllHooks: ___, ...rest } = others;
    if (hooks === undefined) return rest;
    return first ? { hooks, ...rest } : { ...rest, hooks };
  });
const style: fc.Arbitrary<Style> = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom('', ' ', '  ', '    ', '\t'),
  choices: fc.array(fc.nat(11), { minLength: 1, maxLength: 40 }),
});

/** JSON with comments, written in some way. */
function textOf(value: unknown, { eol, indent, choices }: Style): string {
  let used = 0;
  const choose = (): number => choices[used++ % choices.length] as number;
  const gap = (depth: number): string => {
    const line = eol + indent.repeat(depth);
    switch (choose()) {
      case 0:
        return ` // kept ${used}, "hooks": {${line}`;
      case 1:
        return ` /* kept ${used} } ] */ `;
      case 2:
        return `${line}// kept ${used}${line}`;
      case 3:
        return eol + line;
      case 4:
      case 5:
        return ' ';
      case 6:
        return '';
      default:
        return line;
    }
  };
  const write = (part: unknown, depth: number): string => {
    const isList = Array.isArray(part);
    if (!isList && (typeof part !== 'object' || part === null)) return JSON.stringify(part);
    const members = isList
      ? part.map((member) => write(member, depth + 1))
      : Object.entries(part).map(
          ([name, member]) => `${JSON.stringify(name)}${choose() === 0 ? ' ' : ''}: ${write(member, depth + 1)}`,
        );
    const written = members.map((member, i) => {
      const comma = i < members.length - 1 || choose() < 2 ? ',' : '';
      return `${gap(depth + 1)}${member}${choose() === 0 ? ` /* kept ${used} */ ` : ''}${comma}`;
    });
    return `${isList ? '[' : '{'}${written.join('')}${gap(depth)}${isList ? ']' : '}'}`;
  };
  return `${choose() === 0 ? '\ufeff' : ''}${write(value, 0)}${choose() < 6 ? eol : ''}`;
}

function comments(text: string): string[] {
  return (text.match(/kept \d+/g) ?? []).sort();
}

describe('settings in JSON, however they are written,', function () {
  this.timeout(120_000);
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
  });
  afterEach(() => home.dispose());

  it('take our hooks with all else kept, and are byte for byte as they were without them', async () => {
    await fc.assert(
      fc.asyncProperty(settings, style, async (value, how) => {
        const text = textOf(value, how);
        assert.deepEqual(parse(text.replace('\ufeff', '')), JSON.parse(JSON.stringify(value)));
        await home.write(places.json, text);
        const install = await planInstall(json, home.user);
        assert.deepEqual(
          install.changes.map((change) => (change.change === 'refused' ? change.why : change.change)),
          ['written'],
        );
        await install.carryOut();
        const installed = await home.read(places.json);
        const { hooks, tools, ...rest } = parse(installed.replace('\ufeff', ''));
        const { hooks: before = {}, ...others } = JSON.parse(JSON.stringify(value));
        assert.deepEqual(rest, others);
        assert.deepEqual(tools, { enableHooks: true });
        for (const event of ['Before', 'After']) assert.deepEqual(hooks[event].slice(0, -1), before[event] ?? []);
        assert.deepEqual(comments(installed), comments(text));
        assert.equal((await planInstall(json, home.user)).changes[0]?.change, 'unchanged');

        // With a change of somebody's in between, ours alone goes.
        await home.write(places.json, `${installed}\n`);
        const surgery = await planUninstall(json, home.user);
        const [change] = surgery.changes;
        assert.ok(change?.change === 'written', change?.change === 'refused' ? change.why : change?.change);
        assert.deepEqual(comments(change.after), comments(text));
        const left = parse(change.after.replace('\ufeff', ''));
        assert.deepEqual(withoutEmpty(left), withoutEmpty(JSON.parse(JSON.stringify(value))));

        await home.write(places.json, installed);
        await (await planUninstall(json, home.user)).carryOut();
        assert.equal(await home.read(places.json), text);
      }),
      { numRuns: 300 },
    );
  });
});

/** Lists that stood empty there go with ours, when a person changed the file meanwhile. */
function withoutEmpty({ hooks = {}, ...rest }: { hooks?: Record<string, unknown[]> }): object {
  const filled = Object.entries(hooks).filter(([, list]) => list.length > 0);
  return filled.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(filled) };
}
