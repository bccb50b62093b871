/** A bundle of its own: the shell's parser and the rules are only loaded for commands. */
export { classifyCommand } from '../core/commands/classify.ts';
export { validatingLine } from '../core/validation/commandKinds.ts';
