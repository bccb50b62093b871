import path from 'node:path';
import { loadBundle } from './codeCache.ts';

// Said to an editor's Electron so that it runs us; an Electron that we start (`countersign run`) is not meant.
delete process.env['ELECTRON_RUN_AS_NODE'];

const [command = '', event = ''] = process.argv.slice(2);
const isHook = command === 'hook' || command === 'git-hook';
const purpose = (isHook ? `${command}-${event}` : command).replace(/[^a-z-]/g, '');
loadBundle(path.join(__dirname, bundleOf(command)), purpose);

/** The bundle that has the command, or finds it: what somebody waits for is not read with all the rest. */
function bundleOf(name: string): string {
  switch (name) {
    case 'git-hook':
      return 'gitMain.js';
    case 'risk':
    case 'status':
      return 'judgeMain.js';
    default:
      return 'main.js';
  }
}
