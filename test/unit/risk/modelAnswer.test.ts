import assert from 'node:assert/strict';
import type { Features } from '../../../src/core/risk/features.ts';
import { leastReference, modelAnswer } from '../../../src/core/risk/modelAnswer.ts';

const small: Features = {
  linesAdded: 1,
  linesDeleted: 1,
  files: 1,
  directories: 1,
  entropy: 0,
  fileLines: 30,
  history: { age: 10, changes: 20, developers: 3 },
  fix: false,
};
const large: Features = {
  ...small,
  linesAdded: 900,
  files: 12,
  directories: 5,
  entropy: 3,
  fileLines: 1200,
  fix: true,
};

const many = (features: Features, count: number): Features[] => Array.from({ length: count }, () => features);

describe("the model's answer", () => {
  it('compares with the repository where it has enough changes, by the middle of equal ranks', () => {
    const reference = [...many(small, 40), ...many(large, 20)];
    const { percentile, basis } = modelAnswer(large, reference);
    assert.deepEqual(basis, { kind: 'repository', commits: 60 });
    assert.equal(Math.round(percentile * 1000), Math.round((100_000 * (40 + 10)) / 60));
  });

  it('compares with the training set where it has not', () => {
    const few = modelAnswer(large, many(small, leastReference - 1));
    assert.deepEqual(few.basis, { kind: 'training-set' });
    assert.ok(few.percentile > 90 && few.percentile <= 100, String(few.percentile));
    const { percentile } = modelAnswer(small, []);
    assert.ok(percentile < 35, String(percentile));
  });

  it('measures all by what is known of the change, and leaves out of what less is known', () => {
    const unknownFix = modelAnswer({ ...large, fix: undefined }, many(large, 60));
    assert.equal(unknownFix.percentile, 50);
    const bare = many({ ...small, history: undefined }, 60);
    assert.deepEqual(modelAnswer(large, [...bare, ...many(small, 50)]).basis, { kind: 'repository', commits: 50 });
  });

  it('says what it is made of, in words, and no probability', () => {
    const { contributions, probability } = modelAnswer(large, []);
    assert.equal(probability, null);
    assert.deepEqual(
      contributions.map(({ id, detail }) => `${id}: ${detail}`),
      [
        'lines-added: 900 lines added',
        'lines-deleted: 1 line deleted',
        'files: 12 files',
        'directories: 5 folders',
        'entropy: the changed lines are spread as if evenly over 8 files',
        'file-lines: files of 1200 lines, on average',
        'age: files last changed 10 days ago, on average',
        'changes-per-line: files with 1.4 changes per 1,000 lines so far',
        'people-per-change: files with 1.8 different people per change so far',
        'fix: mends something, by its message or branch',
      ],
    );
    assert.ok((contributions.find(({ id }) => id === 'lines-added')?.logOdds ?? 0) > 0.3);
  });
});
