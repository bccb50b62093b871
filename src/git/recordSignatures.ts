import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { isErrorCode, messageOf } from '../errors.ts';
import type { Git } from './git.ts';
import { readObjects } from './objects.ts';
import type { StoredRecord } from './recordList.ts';
import { recordPath, recordsRef, storeFile } from './records.ts';

/** What is known of the signature beside a record. */
export type RecordSignature =
  | { readonly state: 'none' }
  /** By a key that the list of allowed signers gives to `signer`. */
  | { readonly state: 'good'; readonly signer: string }
  /** Right for these bytes, by a key that nobody here vouches for. */
  | { readonly state: 'stranger' }
  /** `bad`: it is of other bytes, or no signature at all. `revoked`: its key was taken back. */
  | { readonly state: 'bad' | 'revoked' }
  | { readonly state: 'unchecked'; readonly reason: string };

/** Signatures made for another purpose, of a commit or a file, do not count as a record's. */
const namespace = 'countersign';

/** A key that asks for something (a passphrase, a touch) holds up nobody for longer, in ms. */
const timeLimit = 3000;

/** Of git's own settings: whose key signs, and whose signatures count. */
interface SigningSettings {
  readonly format: string | undefined;
  readonly key: string | undefined;
  readonly program: string;
  readonly allowedSigners: string | undefined;
  readonly revocations: string | undefined;
}

const signaturePath = (digest: string): string => recordPath(digest).replace(/json$/, 'sig');

/**
 * Signs a stored record with the person's own SSH key for git (`user.signingKey` with `gpg.format=ssh`) and stores the
 * signature beside it. Never asks for anything: a key with a passphrase has to be in an agent.
 *
 * @throws {Error} where there is no signature, with the reason for the person
 */
export async function signRecord(git: Git, digest: string): Promise<void> {
  const settings = await readSigningSettings(git);
  if (settings.format !== 'ssh') throw new Error('records are signed with an SSH key: set gpg.format to ssh');
  if (settings.key === undefined) throw new Error('no key to sign with: set user.signingKey to an SSH key');
  const name = `${recordsRef}:${recordPath(digest)}`;
  const bytes = (await readObjects(git, [name])).get(name);
  if (!bytes) throw new Error(`there is no record ${digest} to sign`);
  const { key, program } = settings;
  await withFolder(async (folder) => {
    const file = await keyFile(git, key, folder);
    const signed = await runKeygen(git, program, ['-q', '-Y', 'sign', '-n', namespace, '-f', file], bytes);
    if (signed.code !== 0) throw new Error(`${key} does not sign: ${signed.words || 'is it in an agent?'}`);
    await storeFile(git, signaturePath(digest), signed.stdout.toString('utf8'));
  });
}

/** The file that `-f` wants: the setting is a path, or the public key itself, whose private half an agent holds. */
async function keyFile(git: Git, key: string, folder: string): Promise<string> {
  const literal = /^(?:key::)?(\S+ \S+.*)$/s.exec(key)?.[1];
  if (!(key.startsWith('key::') || key.startsWith('ssh-')) || literal === undefined) {
    return path.resolve(git.folder, key);
  }
  const file = path.join(folder, 'key.pub');
  await writeFile(file, `${literal}\n`);
  return file;
}

/**
 * Checks the signatures beside records; a record that has none is left out.
 *
 * @param stored what the store has
 * @param times when each record says that it was made (ISO 8601), by digest: a key is to have been valid then
 */
export async function checkRecordSignatures(
  git: Git,
  stored: ReadonlyMap<string, StoredRecord>,
  times: ReadonlyMap<string, string>,
): Promise<Map<string, RecordSignature>> {
  const signed = [...times].flatMap(([digest, time]) => {
    const { id, signatureId } = stored.get(digest) ?? {};
    return id === undefined || signatureId === undefined ? [] : [{ digest, time, id, signatureId }];
  });
  if (signed.length === 0) return new Map();
  const [settings, objects] = await Promise.all([
    readSigningSettings(git),
    readObjects(
      git,
      signed.flatMap(({ id, signatureId }) => [id, signatureId]),
    ),
  ]);
  return await withFolder(async (folder) => {
    const checked = new Map<string, RecordSignature>();
    const open = [...signed];
    const work = async (): Promise<void> => {
      for (let next = open.pop(); next; next = open.pop()) {
        const { digest, time, id, signatureId } = next;
        const file = path.join(folder, `${digest}.sig`);
        await writeFile(file, objects.get(signatureId) ?? '');
        const bytes = objects.get(id) ?? Buffer.alloc(0);
        checked.set(digest, await checkOne(git, settings, { file, bytes, time }));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return checked;
  });
}

interface SignedBytes {
  /** Holds the signature. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly time: string;
}

async function checkOne(git: Git, settings: SigningSettings, signed: SignedBytes): Promise<RecordSignature> {
  const { program, allowedSigners, revocations } = settings;
  const ask = (...args: readonly string[]): Promise<Answer> => runKeygen(git, program, args, signed.bytes);
  const common = ['-n', namespace, '-s', signed.file];
  try {
    if (allowedSigners !== undefined) {
      const then = `-Overify-time=${verifyTime(signed.time)}`;
      const found = await ask('-Y', 'find-principals', '-f', allowedSigners, then, '-s', signed.file);
      const principals = found.code === 0 ? found.stdout.toString('utf8').split(/\r?\n/) : [];
      for (const signer of principals.filter((line) => line !== '')) {
        const verify = ['-Y', 'verify', '-f', allowedSigners, '-I', signer, then, ...common];
        if ((await ask(...verify)).code !== 0) continue;
        if (revocations !== undefined && (await ask(...verify, '-r', revocations)).code !== 0)
          return { state: 'revoked' };
        return { state: 'good', signer };
      }
    }
    const { code } = await ask('-Y', 'check-novalidate', ...common);
    return { state: code === 0 ? 'stranger' : 'bad' };
  } catch (error) {
    return { state: 'unchecked', reason: messageOf(error) };
  }
}

/** As `ssh-keygen` wants a time: in the machine's own zone, which every version of it understands. */
function verifyTime(time: string): string {
  const at = new Date(time);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().replace(/\..*$/, '').replace(/\D/g, '');
}

async function readSigningSettings(git: Git): Promise<SigningSettings> {
  const pattern = '^(gpg\\.format|gpg\\.ssh\\..*|user\\.signingkey)$';
  const output = await git.run(['config', '-z', '--type=path', '--get-regexp', pattern], { accept: [1] });
  const entries = output.toString('utf8').split('\0');
  const values = new Map(
    entries.map((entry): [string, string] => {
      const at = entry.indexOf('\n');
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
  const file = (key: string): string | undefined => {
    const value = values.get(key);
    return value === undefined || value === '' ? undefined : path.resolve(git.folder, value);
  };
  return {
    format: values.get('gpg.format'),
    key: values.get('user.signingkey') || undefined,
    program: values.get('gpg.ssh.program') || 'ssh-keygen',
    allowedSigners: file('gpg.ssh.allowedsignersfile'),
    revocations: file('gpg.ssh.revocationfile'),
  };
}

interface Answer {
  readonly code: number | null;
  readonly stdout: Buffer;
  /** The first line that it said on standard error. */
  readonly words: string;
}

/** Runs `ssh-keygen` where it can ask nobody: without a terminal, without a window. @throws {Error} where it cannot be run */
async function runKeygen(git: Git, program: string, args: readonly string[], input: Buffer): Promise<Answer> {
  const { spawn } = await import('node:child_process');
  const { SSH_ASKPASS: _askpass, DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const child = spawn(program, args, {
    cwd: git.folder,
    env: { ...rest, SSH_ASKPASS_REQUIRE: 'never', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A session of its own: it would ask for a passphrase on the terminal, past its standard streams.
    detached: true,
    windowsHide: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // One that ends early closes its input: its exit code and words say why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await exitCode(child, program);
  const words = Buffer.concat(stderr).toString('utf8').trim().split(/\r?\n/)[0] ?? '';
  return { code, stdout: Buffer.concat(stdout), words };
}

async function exitCode(child: ChildProcess, program: string): Promise<number | null> {
  return await new Promise<number | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      stop(child);
      reject(new Error(`${program} took more than ${timeLimit / 1000} s: it waits for somebody, or for an agent`));
    }, timeLimit);
    child.once('error', (error) => {
      clearTimeout(timer);
      const missing = isErrorCode(error, 'ENOENT') ? 'is not here: install OpenSSH' : 'could not be run';
      reject(new Error(`${program} ${missing} (${messageOf(error)})`));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

/** Ends it with what it started: it leads a process group of its own. */
function stop(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch (error) {
    if (!isErrorCode(error, 'ESRCH')) throw error;
  }
}

async function withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
