import { describeProgram } from '../lab/realProgram.ts';

describeProgram('copilot');
describeProgram('copilot-gpt');
