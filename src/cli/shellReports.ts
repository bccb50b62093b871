// What follows an assistant's commands is a bundle of its own: most hooks are of edits, and do without.
export { afterCommand, beforeCommand, refuseCommand, settleUnanswered } from '../change/command.ts';
export { supervise } from '../change/supervision.ts';
