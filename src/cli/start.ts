import * as modules from 'node:module';
import path from 'node:path';

// The first lines of the command line: they let Node keep what V8 makes of the program, beside the program itself, so that
// the next process does not have to compile it again. An assistant waits for its hook, and compiling is a third of what
// it does. Node before 22.8 cannot; where the folder cannot be written Node goes without, too.
if ('enableCompileCache' in modules && typeof modules.enableCompileCache === 'function') {
  modules.enableCompileCache(path.join(__dirname, 'cache'));
}
void import('./main.ts');
