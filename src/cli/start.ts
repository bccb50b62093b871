import path from 'node:path';
import { loadBundle } from './codeCache.ts';

// Said to an editor's Electron so that it runs us; an Electron that we start (`countersign run`) is not meant.
delete process.env['ELECTRON_RUN_AS_NODE'];
loadBundle(path.join(__dirname, process.argv[2] === 'git-hook' ? 'gitMain.js' : 'main.js'));
