import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const payloads = path.join(__dirname, '../../agents/payloads');

export interface Recorded {
  /** `PreToolUse-editor`: the file's name without its number. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a foreign program sent, which is what the tests are about
  readonly stdin: any;
  readonly env: Readonly<Record<string, string>>;
}

/** What an assistant's hooks were given in the recorded session, in order. */
export function recording(folder: string): Recorded[] {
  return readdirSync(path.join(payloads, folder))
    .filter((file) => /^\d\d-/.test(file))
    .sort()
    .map((file) => ({
      name: file.slice(3, -'.json'.length),
      ...JSON.parse(readFileSync(path.join(payloads, folder, file), 'utf8')),
    }));
}
