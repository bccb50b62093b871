import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SymbolTable } from '../../src/core/symbols.ts';

describe('symbols', () => {
  it('are the same for the same text, dense from 0, whatever is guessed', () => {
    const word = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'b', 'ab', ''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.option(fc.nat({ max: 5 }), { nil: undefined })), { maxLength: 2_000 }),
        (words) => {
          const symbols = new SymbolTable();
          const known = new Map<string, number>();
          for (const [text, guess] of words) {
            const possible = guess !== undefined && guess < symbols.size ? guess : undefined;
            const symbol = symbols.intern(`x${text}y`, 1, 1 + text.length, possible);
            assert.equal(symbol, known.get(text) ?? known.size);
            known.set(text, symbol);
          }
          assert.equal(symbols.size, known.size);
        },
      ),
    );
  });

  it('stay quick for texts that were made to have the same hash', () => {
    // What the second half of a pair of code units changes in the hash, the next pair takes back.
    const blocks = ['abcd', `a${flip('b', 0x8000)}${flip('c', 0x4000)}${flip('d', 0x8000)}`];
    const texts = Array.from({ length: 2 ** 16 }, (_, i) =>
      Array.from({ length: 16 }, (_, bit) => blocks[(i >> bit) & 1]).join(''),
    );
    const symbols = new SymbolTable();
    for (let round = 0; round < 2; round++) {
      for (const [i, text] of texts.entries()) assert.equal(symbols.intern(text, 0, text.length), i);
    }
  }).timeout(5_000);
});

function flip(character: string, bits: number): string {
  return String.fromCharCode(character.charCodeAt(0) ^ bits);
}
