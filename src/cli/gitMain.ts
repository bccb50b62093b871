import { gitHook } from './gitHook.ts';
import { runProcess } from './process.ts';

// Git waits for its hooks: they are a bundle of their own.
runProcess((name) => Promise.resolve(name === gitHook.name ? gitHook : undefined));
