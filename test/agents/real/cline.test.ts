import { describeProgram } from '../lab/realProgram.ts';

describeProgram('cline');
describeProgram('cline-gpt');
