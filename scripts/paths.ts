import path from 'node:path';

/** The top of the repository. */
export const root = path.join(__dirname, '..');

/** Everything that is fetched or made on demand, never an ordinary dependency, lives here (not in git). */
export const cacheDir = path.join(root, '.vscode-test');
