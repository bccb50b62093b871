import assert from 'node:assert/strict';
import { maxGlobsLength } from '../../src/core/glob.ts';
import { maxPolicySize } from '../../src/core/policy/commandPolicy.ts';
import { over, repositoryPolicy, withPerson } from '../../src/core/policy/layer.ts';
import { nearest } from '../../src/core/policy/nearest.ts';
import { builtInPolicy } from '../../src/core/policy/policy.ts';
import { policyProblems, type ReadLayer, readLayer } from '../../src/core/policy/read.ts';
import { sensitiveGlobs } from '../../src/core/risk/sensitive.ts';

const name = '.countersign.json';
const read = (text: string): ReadLayer => readLayer(text, name);

describe('a policy file', () => {
  it('says of each key as much as it wants to', () => {
    const layer = {
      commands: { destructive: 'deny' },
      levels: { high: 70 },
      floors: { large: 0, 'secret-added': 100 },
      sensitive: { areas: { auth: ['login/**'] }, without: ['ci'] },
      evidence: { tests: ['src/**'], review: ['**'] },
      assistants: ['claude:claude-opus-*', 'codex'],
      prompt: { high: 'require' },
      trailers: 'kernel',
      reviewers: { high: { count: 1 }, critical: { count: 2, named: ['@security'] } },
    } as const;
    assert.deepEqual(read(JSON.stringify({ $schema: 'x', version: 1, ...layer })), { layer, problems: [] });
    assert.deepEqual(read('{"version":1}'), { layer: {}, problems: [] });
  });

  it('may have comments, trailing commas, a byte order mark and CRLF', () => {
    const text = '\uFEFF{ // why\r\n  "version": 1, /* of high */\r\n  "levels": { "high": 70, },\r\n}\r\n';
    assert.deepEqual(read(text), { layer: { levels: { high: 70 } }, problems: [] });
  });

  it('that is no policy does not count as a whole', () => {
    for (const [text, problem] of [
      ['', 'it is not JSON (line 1, column 1)'],
      ['{\n', 'it is not JSON (line 2, column 1)'],
      ['not', 'it is not JSON (line 1, column 1)'],
      ['[]', 'it must be an object'],
      ['null', 'it must be an object'],
      ['{}', '"version" must be 1'],
      ['{\n  "version": "1"}', '"version" must be 1 (line 2, column 14)'],
      ['{"version":1}'.padEnd(maxPolicySize + 1), 'it is too large: more than 64 KiB'],
      ['['.repeat(maxPolicySize), 'objects and lists are nested deeper than 20'],
      ['{"version":1,"x":'.padEnd(60_000, '{"x":'), 'objects and lists are nested deeper than 20'],
    ] as const) {
      assert.deepEqual(read(text), { layer: {}, problems: [`${name} does not count: ${problem}`] });
    }
  });

  it('says the same of each thing that is wrong, by place', () => {
    assert.deepEqual(policyProblems('{"version":1}'), []);
    const two = '{\n  "version": 1,\n  "limits": 1,\n  "levels": { "high": "x" }\n}\n';
    const places = policyProblems(two).map(({ line, column, words }) => `${name}:${line}:${column}: ${words}`);
    assert.deepEqual(places, read(two).problems);
    assert.equal(places.length, 2);
    assert.deepEqual(policyProblems('{\n'), [{ line: 2, column: 1, words: 'the file does not count: it is not JSON' }]);
  });

  it('names line and column of what is wrong, and holds for the rest', () => {
    const text = [
      '{"version": 1,',
      ' "commands": {"destructive": "no", "privilege": "ask"},',
      ' "levels": {"high": 101, "moderate": 40, "critical": 9.5},\r',
      ' "evidence": {"tests": ["src/**", "", 5, "!x", "[a", "*.ts"], "review": "all"},',
      ' "assistants": ["claude", 7],',
      ' "prompt": {"high": "requir", "critical": "require"},',
      ' "sensitive": {"areas": {"A b": ["x"], "auth": ["[x", "login/**"]}},',
      ' "reviewers": {"high": 1, "critical": {"count": -1, "named": ["@a"]}},',
      ' "trailers": "best", "floors": {"large": 0 "failing": 5}',
      '}',
    ].join('\n');
    const { layer, problems } = read(text);
    assert.deepEqual(layer, {
      commands: { privilege: 'ask' },
      levels: { moderate: 40 },
      evidence: { tests: ['src/**', '*.ts'] },
      assistants: ['claude'],
      prompt: { critical: 'require' },
      sensitive: { areas: { auth: ['login/**'] } },
      reviewers: { critical: { named: ['@a'] } },
      floors: { large: 0, failing: 5 },
    });
    assert.deepEqual(
      problems.map((line) => line.slice(`${name}:`.length)),
      [
        '2:30: commands.destructive must be one of record, ask, deny',
        '3:21: levels.high must be a whole number from 0 to 100',
        '3:54: levels.critical must be a whole number from 0 to 100',
        '4:35: evidence.tests.1 is empty',
        '4:39: evidence.tests.2 must be a glob',
        '4:42: evidence.tests.3 is no glob: a glob cannot exclude: escape the ! with \\ where a name begins with it',
        '4:48: evidence.tests.4 is no glob: the [ at character 1 is not closed',
        '4:73: evidence.review must be a list',
        '5:27: assistants.1 must be a name',
        '6:21: prompt.high must be one of off, ask, require',
        '7:33: sensitive.areas.A b must be a short name of a-z, 0-9 and -',
        '7:49: sensitive.areas.auth.0 is no glob: the [ at character 1 is not closed',
        '8:24: reviewers.high must be an object',
        '8:49: reviewers.critical.count must be a whole number from 0 to 100',
        '9:14: trailers must be one of assisted-by, kernel, agent-model, slash, generated-by, openinfra, co-authored-by',
        '9:44: a comma must stand here',
      ],
    );
  });

  it('passes over keys that there are not, and names the one that may be meant', () => {
    const { layer, problems } = read(
      '{"version":1,"level":{},"floors":{"unsen-ai":1,"large":2},"__proto__":{"x":1},"commands":{"test":"ask"}}',
    );
    assert.deepEqual(layer, { floors: { large: 2 }, commands: {} });
    assert.deepEqual(problems.slice(0, 2), [
      `${name}:1:14: level is no key here, and is passed over: did you mean levels?`,
      `${name}:1:35: floors.unsen-ai is no key here, and is passed over: did you mean unseen-ai?`,
    ]);
    assert.match(
      problems[2] as string,
      /:1:59: __proto__ is no key here, and is passed over: there is \$schema, version, /,
    );
    assert.match(problems[3] as string, /:1:91: commands\.test is no key here/);
    assert.equal(problems.length, 4);
  });

  it('tells a key that stands twice; the last one counts, as for any reader of JSON', () => {
    const text = '{"version":2,"levels":{"high":1,"high":2},"version":1}';
    assert.deepEqual(read(text), {
      layer: { levels: { high: 2 } },
      problems: [
        `${name}:1:33: "high" stands twice: the last one counts`,
        `${name}:1:43: "version" stands twice: the last one counts`,
      ],
    });
  });

  it('takes out areas that there are, and adds no more globs than are matched at once', () => {
    const areas = { own: Array.from({ length: 30 }, (_, i) => `${i}/${'x'.repeat(200)}`) };
    const { layer, problems } = read(JSON.stringify({ version: 1, sensitive: { areas, without: ['ci', 'cj'] } }));
    assert.deepEqual(layer, { sensitive: { without: ['ci'] } });
    assert.match(problems[0] as string, /sensitive\.areas has globs of more than 3500 characters together$/);
    assert.match(problems[1] as string, /sensitive\.without\.1 must be one of auth, crypto, /);
    const most = Object.values(sensitiveGlobs).flat().join('').length + 3 * 3500;
    assert.ok(most <= maxGlobsLength, `${most}`);
  });

  it('is read in little time however it is written, and tells a screenful of problems', () => {
    const fill = (entry: (i: number) => string): string => {
      let text = '';
      for (let i = 0; text.length < 60_000; i++) text += `${i === 0 ? '' : ','}${entry(i)}`;
      return text;
    };
    const texts = [
      `{"version":1,"evidence":{"tests":[${fill(() => '"!a"')}]}}`,
      `{"version":1,"levels":{${fill((i) => `"x${i}":1`)}}}`,
      `{"version":1,${fill(() => '"levels":1')}}`,
      `{"version":1 ${'} '.repeat(25_000)}`,
      `{"version":1,"sensitive":{"areas":{${fill((i) => `"a${i}":["[",1]`)}}}}`,
      `{"version":1,"${'x'.repeat(60_000)}":1}`,
    ];
    for (const text of texts) {
      const before = process.cpuUsage();
      const { problems } = read(text);
      const { user } = process.cpuUsage(before);
      assert.ok(problems.length >= 1 && problems.length <= 21, `${problems.length} problems`);
      assert.ok(problems.every((line) => line.length < 400));
      assert.ok(user < 2_000_000, `${Math.round(user / 1000)} ms for ${text.slice(0, 40)}`);
    }
  });
});

describe('layers of policy', () => {
  it('a repository may loosen what is built in, once it is committed', () => {
    const loose = { levels: { high: 90 }, floors: { large: 0 } };
    assert.deepEqual(repositoryPolicy(loose, loose), {
      ...builtInPolicy,
      levels: { ...builtInPolicy.levels, high: 90 },
      floors: { ...builtInPolicy.floors, large: 0 },
    });
    assert.deepEqual(repositoryPolicy(loose), builtInPolicy);
    assert.deepEqual(repositoryPolicy({}, loose), builtInPolicy);
  });

  it('a repository that is stricter is so at once, and stays so until that is committed', () => {
    const strict = { assistants: ['claude'], prompt: { high: 'require' } } as const;
    for (const policy of [repositoryPolicy(strict), repositoryPolicy({}, strict)]) {
      assert.deepEqual(policy.assistants, [['claude']]);
      assert.deepEqual(policy.prompt, { low: 'off', moderate: 'ask', high: 'require', critical: 'require' });
    }
  });

  it('a person can only tighten', () => {
    const repository = repositoryPolicy(
      { levels: { high: 60 }, trailers: 'slash' },
      { levels: { high: 60 }, trailers: 'slash' },
    );
    const person = withPerson(repository, {
      levels: { high: 90, moderate: 10 },
      floors: { large: 0, failing: 99 },
      evidence: { tests: ['src/**'] },
      prompt: { low: 'off' },
      trailers: 'kernel',
      sensitive: { without: ['auth'], areas: { own: ['x/**'] } },
    });
    assert.deepEqual(person.levels, { moderate: 10, high: 60, critical: 95 });
    assert.deepEqual([person.floors.large, person.floors.failing], [builtInPolicy.floors.large, 99]);
    assert.deepEqual(person.prompt, builtInPolicy.prompt);
    assert.equal(person.trailers, 'slash');
    assert.deepEqual(person.sensitive, { added: new Map([['own', ['x/**']]]), without: new Set() });
    assert.equal(withPerson(builtInPolicy, { trailers: 'kernel' }).trailers, 'kernel');
  });

  it('what holds at a level holds above it', () => {
    const { prompt, reviewers } = over(builtInPolicy, {
      prompt: { moderate: 'require', critical: 'off' },
      reviewers: { moderate: { count: 1 }, critical: { named: ['@b', '@a', '@b'] } },
    });
    assert.deepEqual(prompt, { low: 'off', moderate: 'require', high: 'require', critical: 'require' });
    assert.deepEqual(reviewers.low, { count: 0, named: [] });
    assert.deepEqual(reviewers.critical, { count: 1, named: ['@a', '@b'] });
  });
});

describe('the word that was meant', () => {
  it('is the nearest, if any is near', () => {
    assert.equal(nearest('Level', ['floors', 'levels']), 'levels');
    assert.equal(nearest('tets', ['tests', 'sast']), 'tests');
    assert.equal(nearest('limits', ['commands', 'floors']), undefined);
    assert.equal(nearest('ci', ['ab']), undefined);
    assert.equal(nearest('x'.repeat(60_000), ['x'.repeat(60_000)]), undefined);
  });
});
