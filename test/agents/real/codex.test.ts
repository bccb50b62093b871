import { describeProgram } from '../lab/realProgram.ts';

describeProgram('codex');
describeProgram('codex-code');
