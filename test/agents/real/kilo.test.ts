import { describeProgram } from '../lab/realProgram.ts';

describeProgram('kilo');
describeProgram('kilo-gpt');
