import assert from 'node:assert/strict';
import { comparisonWords, scoreWords } from '../../../src/core/risk/words.ts';

describe('a risk in words', () => {
  const trained = { kind: 'training-set' } as const;

  it('is a level and a score', () => {
    assert.equal(scoreWords({ level: 'high', score: 84 }), 'high 84/100');
  });

  it('says among which changes it stands where', () => {
    const own = { kind: 'repository', commits: 500 } as const;
    assert.equal(
      comparisonWords({ percentile: 88, basis: own, probability: null }),
      "in the riskiest 12 % of this repository's changes",
    );
    assert.equal(
      comparisonWords({ percentile: 50, basis: trained, probability: null }),
      'in the riskiest 50 % of the changes that the model was trained on',
    );
    assert.equal(
      comparisonWords({ percentile: 20.7, basis: own, probability: null }),
      "riskier than 20 % of this repository's changes",
    );
  });

  it('tells a probability where there is one', () => {
    const own = { kind: 'repository', commits: 500 } as const;
    assert.equal(
      comparisonWords({ percentile: 88, basis: own, probability: 0.314 }),
      "in the riskiest 12 % of this repository's changes; about 31 % of such changes are mended later here",
    );
  });

  it('never says that nothing is riskier by less than one percent', () => {
    for (const percentile of [99.2, 99.9, 100]) {
      assert.match(comparisonWords({ percentile, basis: trained, probability: null }) ?? '', /^in the riskiest 1 % /);
    }
  });

  it('says nothing where no model was asked', () => {
    assert.equal(comparisonWords({ percentile: null, basis: null, probability: null }), undefined);
  });
});
