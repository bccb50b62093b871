import { describeProgram } from '../lab/realProgram.ts';

describeProgram('cline', { endsWhenDenied: true });
describeProgram('cline-gpt');
