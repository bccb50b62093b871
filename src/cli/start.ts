import * as modules from 'node:module';
import path from 'node:path';

// The first lines of the command line: they let Node keep what V8 makes of the program, beside the program itself, so that
// the next process does not have to compile it again. An assistant waits for its hook, and compiling is a third of what
// it does. Node before 22.8 cannot; where the folder cannot be written Node goes without, too.
if ('enableCompileCache' in modules && typeof modules.enableCompileCache === 'function') {
  modules.enableCompileCache(path.join(__dirname, 'cache'));
}
// Said to an editor's Electron so that it runs us; an Electron that we start (`countersign run`) is not meant.
delete process.env['ELECTRON_RUN_AS_NODE'];
if (process.argv[2] === 'git-hook') void import('./gitMain.ts');
else void import('./main.ts');
