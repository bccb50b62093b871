import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, type Json } from '../../core/canonicalJson.ts';
import { sha256 } from '../../core/digest.ts';
import type { OwnEntry } from './entries.ts';
import type { User } from './hookCommand.ts';
import { isObject, SettingsError, valueAt } from './settingsForm.ts';
import { tomlForm } from './tomlForm.ts';

/** Whether Codex runs an entry: it does so only once a person has approved just this text of it. */
export type CodexTrust = 'trusted' | 'not trusted' | 'changed since it was trusted' | 'switched off';

/**
 * What a person has told Codex of hooks (`[hooks.state]` in its `config.toml`). It is read here, and written by Codex
 * alone: an approval of our own would be worth nothing.
 *
 * @returns the worst of the entries; `undefined` where it cannot be read
 */
export async function codexTrust(
  file: string,
  entries: readonly OwnEntry[],
  { home, environment }: User,
): Promise<CodexTrust | undefined> {
  const config = path.join(environment['CODEX_HOME'] ?? path.join(home, '.codex'), 'config.toml');
  let state: Json | undefined;
  try {
    state = valueAt(tomlForm.parse(await readFile(config, 'utf8')), ['hooks', 'state']);
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    state = {};
  }
  const found = entries.map(({ path: [, event, group], value }) => {
    const name = snakeCase(String(event));
    return trustOf(valueAt(state, [`${file}:${name}:${group}:0`]), name, value);
  });
  const worst: readonly CodexTrust[] = ['switched off', 'changed since it was trusted', 'not trusted', 'trusted'];
  return worst.find((trust) => found.includes(trust));
}

function trustOf(state: Json | undefined, event: string, group: Json): CodexTrust {
  if (!isObject(state)) return 'not trusted';
  if (state['enabled'] === false) return 'switched off';
  if (state['trusted_hash'] === undefined) return 'not trusted';
  return state['trusted_hash'] === codexHash(event, group) ? 'trusted' : 'changed since it was trusted';
}

/** What Codex knows an entry by: its event, matcher and command, hashed in its own canonical form. */
export function codexHash(event: string, group: Json): string {
  const [handler] = isObject(group) && Array.isArray(group['hooks']) ? group['hooks'] : [];
  const matcher = isObject(group) ? group['matcher'] : undefined;
  const { command = '', timeout = 600 } = isObject(handler) ? handler : {};
  const identity = {
    event_name: event,
    hooks: [{ async: false, command, timeout, type: 'command' }],
    ...(matcher !== undefined && { matcher }),
  };
  return `sha256:${sha256(canonicalJson(identity))}`;
}

function snakeCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
}
