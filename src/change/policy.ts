import {
  commandPolicy,
  maxPolicySize,
  noPolicy,
  parsePolicy,
  policyFile,
  type ReadPolicy,
  strictest,
} from '../core/policy/commands.ts';
import type { Repository } from '../git/repository.ts';
import { readSettings } from '../git/settings.ts';
import { readWorkTreeFile } from '../git/workTree.ts';

/**
 * What this repository and this person say of commands, the strictest of each: the policy file as it is in the work tree
 * and as it is in HEAD, so that an assistant that edits it cannot make it weaker for itself, and the person's settings
 * `countersign.commands.<class>`.
 */
export async function readPolicy(repository: Repository): Promise<ReadPolicy> {
  const [committed, settings] = await Promise.all([policyInHead(repository), readSettings(repository.git)]);
  const set = [...settings].flatMap(([key, value]): [string, string][] =>
    key.startsWith(settingsPrefix) ? [[key.slice(settingsPrefix.length), value]] : [],
  );
  const found = [policyInWorkTree(repository), committed, commandPolicy(set, `countersign.${settingsPrefix}`)];
  const there = found.filter((policy) => policy !== undefined);
  return {
    commands: strictest(there.map(({ commands }) => commands)),
    problems: [...new Set(there.flatMap(({ problems }) => problems))],
  };
}

const settingsPrefix = 'commands.';

/** A symbolic link may lead out of the repository: it is no policy. */
function policyInWorkTree(repository: Repository): ReadPolicy | undefined {
  const content = readWorkTreeFile(repository, policyFile);
  if (content.kind === 'absent') return undefined;
  if (content.kind === 'skipped') return noPolicy('it is too large, or no file');
  if (content.isLink) return noPolicy('it is a symbolic link');
  if (content.bytes.length > maxPolicySize) return noPolicy('it is too large');
  return parsePolicy(content.bytes.toString('utf8'));
}

async function policyInHead({ git }: Repository): Promise<ReadPolicy | undefined> {
  const entry = await git.ask(['ls-tree', '-l', '--full-tree', 'HEAD', '--', policyFile]);
  const [, mode, id, size] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t/.exec(entry ?? '') ?? [];
  if (mode === undefined || id === undefined) return undefined;
  if (mode === '120000') return noPolicy('it is a symbolic link');
  if (Number(size) > maxPolicySize) return noPolicy('it is too large');
  return parsePolicy((await git.run(['cat-file', 'blob', id])).toString('utf8'));
}
