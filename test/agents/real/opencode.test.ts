import { describeProgram } from '../lab/realProgram.ts';

describeProgram('opencode');
describeProgram('opencode-gpt');
