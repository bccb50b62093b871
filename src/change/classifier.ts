/** A bundle of its own: the shell's parser and the rules are only loaded for commands. */
export { classifyCommand } from '../core/commands/classify.ts';
