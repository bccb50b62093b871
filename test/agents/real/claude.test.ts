import { describeProgram } from '../lab/realProgram.ts';

describeProgram('claude');
