/** A bundle of its own: the parser that knows places is only loaded where there is a file that needs it. */
export { policyProblems, readLayer } from '../core/policy/read.ts';
