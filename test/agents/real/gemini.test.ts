import { describeProgram } from '../lab/realProgram.ts';

// Its shell has git look for hooks nowhere.
describeProgram('gemini', { hooksOff: true });
