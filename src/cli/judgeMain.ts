import { runProcess } from './process.ts';
import { risk } from './risk.ts';
import { status } from './status.ts';

// What people and editors ask most often: a bundle of its own, for that of all commands takes longer to load.
runProcess((name) => Promise.resolve([risk, status].find((command) => command.name === name)));
