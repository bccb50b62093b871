import { testSeeds } from './seedSuite.ts';

describe('the origin of every line of every commit, whatever is done to history', () => testSeeds('history', 50));
