import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { fetchPackage } from '../npmPackage.ts';
import { errorCode, execute } from '../processes.ts';

/** A Chromium-like browser and the environment it needs. */
export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The browser that shows the workbench: the one that COUNTERSIGN_BROWSER names, one that is installed, or on Linux x64
 * one from npm. Rejects with what to install when there is none or it cannot start.
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env['COUNTERSIGN_BROWSER'];
  if (named) {
    if (!existsSync(named)) throw new Error(`COUNTERSIGN_BROWSER names ${named}, which does not exist.`);
    return { executablePath: named, env: process.env };
  }
  const installed = candidates().find(existsSync);
  if (installed) return { executablePath: installed, env: process.env };
  if (process.platform === 'linux' && process.arch === 'x64') return await fetchedBrowser();
  throw new Error(`No browser found for the workbench: ${advice}`);
}

const advice = 'install Chromium, Chrome or Edge, or name one in COUNTERSIGN_BROWSER.';
const libraryAdvice = `on Debian or Ubuntu, apt-get install libnss3 libnspr4 libexpat1 libgcc-s1; elsewhere, ${advice}`;

/** Where the usual browsers are, on this platform. */
function candidates(): string[] {
  switch (process.platform) {
    case 'win32': {
      const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
      const programs = [
        ['Google', 'Chrome', 'Application', 'chrome.exe'],
        ['Chromium', 'Application', 'chrome.exe'],
        ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
      ];
      return programs.flatMap((program) => roots.map((root) => path.join(root, ...program)));
    }
    case 'darwin': {
      const roots = ['/Applications', path.join(os.homedir(), 'Applications')];
      const programs = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
      return programs.flatMap((name) => roots.map((root) => path.join(root, `${name}.app`, 'Contents', 'MacOS', name)));
    }
    default: {
      const roots = (process.env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute);
      const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
      return programs.flatMap((name) => roots.map((root) => path.join(root, name)));
    }
  }
}

const chromiumPackage = ['@sparticuz/chromium', '153.0.0'] as const;

/** Chromium from npm, with the few libraries and the font that its package brings for systems which have none. */
async function fetchedBrowser(): Promise<BrowserProgram> {
  const unpacked = path.join(await fetchPackage(...chromiumPackage, unpack), 'unpacked');
  const executablePath = path.join(unpacked, 'chromium');
  const env = { ...process.env };
  if ((await missingLibraries(executablePath, env)).length > 0) {
    env['LD_LIBRARY_PATH'] = [path.join(unpacked, 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  }
  const missing = await missingLibraries(executablePath, env);
  if (missing.length > 0) throw new Error(`The browser from npm lacks ${missing.join(', ')}: ${libraryAdvice}`);
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_PATH'] = unpacked;
  return { executablePath, env };
}

/** The package keeps its programs compressed, and its own unpacking code asks for a newer Node than we do. */
async function unpack(packageDir: string): Promise<void> {
  const from = (name: string): string => path.join(packageDir, 'bin', name);
  const to = path.join(packageDir, 'unpacked');
  await mkdir(to);
  await decompress(from('chromium.br'), path.join(to, 'chromium'));
  for (const archive of ['al2023.tar', 'fonts.tar']) {
    const tar = path.join(to, archive);
    await decompress(from(`${archive}.br`), tar);
    await execute('tar', ['-xf', tar, '-C', to]);
    await rm(tar);
  }
  await writeFile(path.join(to, 'fonts.conf'), fontsConf);
}

/** The package's own file names the folders of the cloud service that it is made for. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

async function decompress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode: 0o755 }));
}

/** The shared libraries that the program asks for and the system does not have. */
async function missingLibraries(program: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout } = await execute('ldd', [program], { env: { ...env, LC_ALL: 'C' } }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') throw new Error(`No ldd to check the browser from npm with: ${advice}`);
    // A system with another C library than glibc says so here.
    throw new Error(`The browser from npm cannot start on this system: ${advice}`, { cause: error });
  });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].flatMap(([, name]) => name ?? []);
}
