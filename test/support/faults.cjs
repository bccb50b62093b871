'use strict';

// Loaded into the program of a hook before it starts: counts the steps by which it changes anything, each call that
// writes and each start of git, and has one of them, or all from it on, go wrong. test/support/faults.ts says how.

const childProcess = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { FAULT_EVENT, FAULT_KIND, FAULT_STEP, FAULT_STEPS, FAULT_COMMAND, FAULT_CLOCK } = process.env;
const { appendFileSync } = fs;
const { spawn, spawnSync } = childProcess;

const calls = ['writeFile', 'rename', 'link', 'unlink', 'mkdir', 'rm', 'utimes', 'chmod', 'write', 'open'];

let steps = 0;
let isCounting = false;

/** Counts a step. @returns whether it is to go wrong */
function isFaulty(name) {
  if (isCounting) return false; // what follows writes, too
  steps++;
  isCounting = true;
  appendFileSync(FAULT_STEPS, `${name}\n`);
  isCounting = false;
  const [from, to = from] = FAULT_STEP.split('-').map(Number);
  if (steps < from || (to !== 0 && steps > to)) return false;
  if (FAULT_KIND === 'kill') process.kill(process.pid, 'SIGKILL');
  if (FAULT_KIND === 'run') spawnSync('sh', ['-c', FAULT_COMMAND], { stdio: 'inherit' });
  return FAULT_KIND === 'full' || FAULT_KIND === 'read-only';
}

function failure(name) {
  const code = FAULT_KIND === 'full' ? 'ENOSPC' : 'EROFS';
  return Object.assign(new Error(`${code}: as a test wants it, ${name}`), { code, syscall: name });
}

function watch(object, name) {
  const original = object[name];
  if (typeof original !== 'function') return;
  object[name] = (...args) => {
    const onlyReads = name.startsWith('open') && [undefined, 'r'].includes(args[1]);
    if (onlyReads || !isFaulty(name)) return original(...args);
    if (object === fs.promises) return Promise.reject(failure(name));
    throw failure(name);
  };
}

function watchAll() {
  for (const name of calls) {
    watch(fs, `${name}Sync`);
    watch(fs.promises, name);
  }
  childProcess.spawn = (command, args, options) => {
    if (!isFaulty(`git ${args.find((arg) => /^[a-z]+(-[a-z]+)*$/.test(arg))}`)) return spawn(command, args, options);
    // Git may not make a file longer than nothing, which is as good as a full disk.
    return spawn('sh', ['-c', 'ulimit -f 0; exec "$0" "$@"', command, ...args], options);
  };
}

function moveClock(ms) {
  const Clock = Date;
  globalThis.Date = class extends Clock {
    constructor(...args) {
      super(...(args.length === 0 ? [Clock.now() + ms] : args));
    }
    static now() {
      return Clock.now() + ms;
    }
  };
}

if (process.argv[2] === 'git-hook' && (FAULT_EVENT === process.argv[3] || FAULT_EVENT === 'every')) {
  if (FAULT_CLOCK) moveClock(Number(FAULT_CLOCK));
  if (FAULT_KIND) watchAll();
  syncBuiltinESMExports();
}
