import type { Remedy } from './risk.ts';

/** Answers for AI lines that nobody has seen, and for those that somebody has only seen. */
export const review: Remedy = {
  id: 'review',
  by: 'person',
  action: 'read the AI lines and say so: "countersign review"',
};

export const test: Remedy = {
  id: 'test',
  by: 'anyone',
  action: 'add or change a test, or run the tests: "countersign run -- COMMAND"',
};

/** @param name what was run, as it is called */
export function runAgain(name: string): Remedy {
  return { id: 'run-again', by: 'anyone', action: `run it again: "countersign run -- ${name}"` };
}

export function mend(name: string): Remedy {
  return { id: 'mend', by: 'anyone', action: `mend what fails and run it again: "countersign run -- ${name}"` };
}

export const mendErrors: Remedy = { id: 'mend', by: 'anyone', action: 'mend the errors that the editor shows' };

export function scanAgain(tool: string): Remedy {
  return {
    id: 'scan-again',
    by: 'anyone',
    action: `mend what ${tool} finds, scan again and tell the result: "countersign evidence add FILE"`,
  };
}
