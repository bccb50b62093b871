import { hook } from './hook.ts';
import { runProcess } from './process.ts';

// An assistant waits for its hook: what the other commands need, and it does not, is a bundle of its own.
runProcess(async (name) => {
  if (name === hook.name) return hook;
  return (await import('./commands.ts')).commands.find((command) => command.name === name);
});
