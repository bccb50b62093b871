import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { policyJsonSchema, policySchemaFile } from '../../scripts/policySchema.ts';
import { policyFile } from '../../src/core/policy/commandPolicy.ts';
import { builtInPolicy, requiredKinds } from '../../src/core/policy/policy.ts';
import { readLayer } from '../../src/core/policy/read.ts';
import { PolicySchema } from '../../src/core/policy/schema.ts';
import { riskRules } from '../../src/core/risk/rules.ts';

const root = path.join(__dirname, '../..');
const page = readFileSync(path.join(root, 'docs/policy.md'), 'utf8');
const shipped = readFileSync(policySchemaFile, 'utf8');

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly additionalProperties?: Described | boolean;
}

/** The paths of all properties that say nothing of themselves. */
function undescribed(schema: Described, at = ''): string[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description ? [] : [`${at}${key}`]),
    ...undescribed(value, `${at}${key}.`),
  ]);
  const rest = schema.additionalProperties;
  return typeof rest === 'object' ? [...inner, ...undescribed(rest, `${at}*.`)] : inner;
}

describe('the JSON schema of a policy', () => {
  it('is made of the one that files are read by', () => {
    assert.equal(shipped, policyJsonSchema(), 'run "npm run schemas"');
  });

  it('is offered for the file, with comments, and ships', () => {
    const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    assert.deepEqual(contributes.jsonValidation, [{ fileMatch: `/${policyFile}`, url: './schemas/policy.json' }]);
    assert.deepEqual(contributes.languages, [{ id: 'jsonc', filenames: [policyFile] }]);
    assert.ok(readFileSync(path.join(root, '.vscodeignore'), 'utf8').includes('!schemas/*.json'));
  });

  it('describes every key', () => {
    const schema = JSON.parse(shipped) as Described;
    assert.deepEqual(Object.keys(schema.properties ?? {}), Object.keys(PolicySchema.entries));
    assert.deepEqual(undescribed(schema), []);
  });

  it('accepts what is right, and no other key or value', () => {
    const { $schema, allowComments, allowTrailingCommas, ...schema } = JSON.parse(shipped);
    const validate = new Ajv().compile(schema);
    for (const [policy, isRight] of [
      [{ version: 1, levels: { high: 80 }, sensitive: { areas: { own: ['a/**'] } } }, true],
      [{ version: 2 }, false],
      [{ version: 1, level: {} }, false],
      [{ version: 1, levels: { high: 101 } }, false],
      [{ version: 1, floors: { lage: 1 } }, false],
      [{ version: 1, prompt: { high: 'requir' } }, false],
      [{ version: 1, sensitive: { areas: { 'A b': [] } } }, false],
    ] as const) {
      assert.equal(validate(policy), isRight, JSON.stringify(policy));
    }
  });
});

describe('the page on policy', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, text]) => text as string)
    .filter((text) => text.includes('"version"'));

  it('has an example of each key, and nothing is wrong with any', () => {
    for (const text of examples) assert.deepEqual(readLayer(text, 'example').problems, [], text);
    const shown = new Set(examples.flatMap((text) => Object.keys(JSON.parse(text))));
    for (const key of Object.keys(PolicySchema.entries)) {
      assert.ok(page.includes(`\`${key}\``), key);
      if (key !== '$schema') assert.ok(shown.has(key), key);
    }
  });

  it('has a section for each key, and names its words and numbers', () => {
    for (const key of Object.keys(PolicySchema.entries)) {
      if (key !== '$schema' && key !== 'version') assert.ok(page.includes(`\n### \`${key}\`\n`), key);
    }
    for (const word of [...riskRules, ...requiredKinds]) assert.ok(page.includes(`\`${word}\``), word);
    const { moderate, high, critical } = builtInPolicy.levels;
    assert.ok(page.includes(`\`moderate\` (${moderate}), \`high\` (${high}) or \`critical\` (${critical})`));
  });
});
