import { testSeeds } from './seedSuite.ts';

describe('the origin of every line, whatever is done to it', () => testSeeds('edits', 500));
