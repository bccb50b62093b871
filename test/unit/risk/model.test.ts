import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { contributionsOf, logitOf, type ModelVariant, stepIndex } from '../../../src/core/risk/additive.ts';
import type { Features } from '../../../src/core/risk/features.ts';
import { measureOf, measures } from '../../../src/core/risk/measures.ts';
import { variantFor, variants } from '../../../src/core/risk/model.ts';
import trainersLogits from './modelLogits.json' with { type: 'json' };

const modelFile = path.join(__dirname, '../../../src/core/risk/model.json');

const finite = v.pipe(v.number(), v.finite());
const ascending = v.pipe(
  v.array(finite),
  v.check((numbers) => numbers.every((number, index) => index === 0 || number > (numbers[index - 1] as number))),
);
const schema = v.strictObject({
  variants: v.array(
    v.strictObject({
      intercept: finite,
      tables: v.array(
        v.pipe(
          v.strictObject({ measure: v.picklist(measures), thresholds: ascending, values: v.array(finite) }),
          v.check(({ thresholds, values }) => values.length === thresholds.length + 1),
          v.check(({ values }) => values.every((value) => Math.abs(value) < 5)),
        ),
      ),
      quantiles: v.pipe(
        v.array(finite),
        v.length(101),
        v.check((numbers) => numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] as number))),
      ),
    }),
  ),
});

const count = fc.nat({ max: 100_000 });
const anyFeatures: fc.Arbitrary<Features> = fc.record({
  linesAdded: count,
  linesDeleted: count,
  files: fc.integer({ min: 1, max: 2000 }),
  directories: fc.integer({ min: 1, max: 500 }),
  entropy: fc.double({ min: 0, max: 11, noNaN: true }),
  fileLines: fc.option(fc.double({ min: 0, max: 100_000, noNaN: true }), { nil: undefined }),
  history: fc.option(
    fc.record({ age: fc.double({ min: 0, max: 5000, noNaN: true }), changes: count, developers: fc.nat({ max: 900 }) }),
    { nil: undefined },
  ),
  fix: fc.option(fc.boolean(), { nil: undefined }),
});

const known: Features = {
  linesAdded: 12,
  linesDeleted: 3,
  files: 2,
  directories: 1,
  entropy: 0.9,
  fileLines: 200,
  history: { age: 20, changes: 40, developers: 6 },
  fix: false,
};

describe('the risk model', () => {
  it('is of the form that the program takes for granted, and small', () => {
    const text = readFileSync(modelFile, 'utf8');
    assert.deepEqual(v.safeParse(schema, JSON.parse(text)).issues, undefined);
    assert.ok(text.length < 5000 * variants.length, `${text.length} bytes`);
  });

  it('says of commits what it said to those who trained it', () => {
    assert.ok(trainersLogits.length > 50);
    for (const { features, logits } of trainersLogits) {
      assert.equal(logits.length, variants.length);
      for (const [index, variant] of variants.entries()) {
        assert.ok(Math.abs(logitOf(variant, features) - (logits[index] as number)) <= 1e-9);
      }
    }
  });

  it('has a variant for whatever is missing, and takes the one that uses the most', () => {
    const used = (features: Features): string[] => variantFor(features).tables.map(({ measure }) => measure);
    const sizes = ['lines-added', 'lines-deleted', 'files', 'directories', 'entropy'];
    assert.deepEqual(used(known), [...measures]);
    assert.deepEqual(
      used({ ...known, fix: undefined }),
      measures.filter((measure) => measure !== 'fix'),
    );
    assert.deepEqual(used({ ...known, history: undefined }), [...sizes, 'file-lines', 'fix']);
    assert.deepEqual(used({ ...known, history: undefined, fix: undefined }), [...sizes, 'file-lines']);
    assert.deepEqual(used({ ...known, fileLines: undefined }), [...sizes, 'fix']);
    assert.deepEqual(used({ ...known, fileLines: undefined, history: undefined, fix: undefined }), sizes);
  });

  it('is the sum of its parts, exactly', () => {
    fc.assert(
      fc.property(anyFeatures, (features) => {
        const variant = variantFor(features);
        let sum = variant.intercept;
        for (const { measure, value, logOdds } of contributionsOf(variant, features)) {
          assert.equal(value, measureOf(measure, features));
          sum += logOdds;
        }
        assert.equal(logitOf(variant, features), sum);
      }),
    );
  });

  it('never takes a change for less risky because it adds more lines', () => {
    fc.assert(
      fc.property(anyFeatures, fc.nat({ max: 5000 }), (features, more) => {
        const variant = variantFor(features);
        const larger = { ...features, linesAdded: features.linesAdded + more };
        assert.ok(logitOf(variant, larger) >= logitOf(variant, features));
      }),
    );
  });

  it('has tables that rise where they must', () => {
    const rising = ['lines-added', 'files', 'directories', 'file-lines'];
    const tables = variants.flatMap((variant) => variant.tables).filter(({ measure }) => rising.includes(measure));
    assert.ok(tables.length > 3 * variants.length);
    for (const { measure, values } of tables) {
      const falls = values.filter((value, index) => index > 0 && value < (values[index - 1] as number));
      assert.deepEqual(falls, [], measure);
    }
  });

  it('refuses a change of which less is known than a variant asks for', () => {
    assert.throws(() => logitOf(variants[0] as ModelVariant, { ...known, fix: undefined }), /has no fix/);
  });

  it('puts what is no count on the lowest step, and what is beyond all on the highest', () => {
    const variant = variantFor(known);
    const [{ thresholds, values }] = variant.tables as [ModelVariant['tables'][number]];
    const added = (linesAdded: number): unknown => contributionsOf(variant, { ...known, linesAdded })[0]?.logOdds;
    assert.deepEqual([Number.NaN, -1, Number.NEGATIVE_INFINITY].map(added), [values[0], values[0], values[0]]);
    assert.equal(added(Number.POSITIVE_INFINITY), values.at(-1));
    assert.equal(added(thresholds[0] as number), values[1]);
    assert.ok(
      Number.isFinite(logitOf(variant, { ...known, files: 0, history: { age: 0, changes: 0, developers: 0 } })),
    );
  });

  it('finds a step as counting the thresholds does', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -60, max: 60 }), (unsorted, value) => {
        const thresholds = unsorted.toSorted((a, b) => a - b);
        assert.equal(stepIndex(thresholds, value), thresholds.filter((threshold) => threshold <= value).length);
      }),
    );
  });
});
