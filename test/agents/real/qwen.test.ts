import { describeProgram } from '../lab/realProgram.ts';

// It adds its trailer to the command, before git sees it.
describeProgram('qwen', { ownTrailer: 'Co-authored-by: Qwen-Coder <qwen-coder@alibabacloud.com>' });
