// By name: a bundle copies all that a module has where it is imported as a whole.
import {
  accessSync,
  appendFileSync,
  chmodSync,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

// What is used here of `node:fs/promises`, done at once. The build puts it in the place of that module in the bundle of
// the hook: a process that has nothing else to do while it waits for a file only loses time to a pool of threads. An
// editor, which has, keeps the module itself. A function that is missing here fails the build.

function atOnce<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Promise<Result> {
  return async (...args) => work(...args);
}

export const access = atOnce(accessSync);
export const chmod = atOnce(chmodSync);
export const copyFile = atOnce(fs.copyFileSync);
export const lstat = atOnce(lstatSync);
export const mkdir = atOnce(mkdirSync);
export const readdir = atOnce(readdirSync);
export const readFile = atOnce(readFileSync);
export const readlink = atOnce(readlinkSync);
export const realpath = atOnce(realpathSync.native);
export const rename = atOnce(renameSync);
export const rm = atOnce(rmSync);
export const stat = atOnce(statSync);
export const writeFile = atOnce(writeFileSync);

/** An open file, as `FileHandle` has it. */
class Handle {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  stat = atOnce(() => fstatSync(this.#fd));
  read = atOnce((buffer: Uint8Array, offset: number, length: number, position: number | null) => ({
    bytesRead: readSync(this.#fd, buffer, offset, length, position),
    buffer,
  }));
  appendFile = atOnce((data: string | Uint8Array) => appendFileSync(this.#fd, data));
  close = atOnce(() => closeSync(this.#fd));
}

export const open = atOnce((...args: Parameters<typeof openSync>) => new Handle(openSync(...args)));
