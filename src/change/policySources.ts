import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { maxPolicySize, policyFile } from '../core/policy/commandPolicy.ts';
import { isErrorCode } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { readSettings, type Settings } from '../git/settings.ts';
import { type FileContent, readWorkTreeFile } from '../git/workTree.ts';

/** A policy file: what stands in it, or why it does not count. */
export interface PolicySource {
  /** As problems name it. */
  readonly name: string;
  readonly content: { readonly text: string } | { readonly problem: string };
}

/** Where a policy comes from; a file that is not there is left out. */
export interface PolicySources {
  readonly workTree?: PolicySource;
  /** The same file in HEAD. */
  readonly head?: PolicySource;
  /** The file that a person's setting `countersign.policy` names. */
  readonly person?: PolicySource;
  /** The person's settings for us. */
  readonly settings: Settings;
}

/** @param known the person's settings, where they are read already */
export async function policySources(repository: Repository, known?: Promise<Settings>): Promise<PolicySources> {
  const [head, settings] = await Promise.all([inHead(repository), known ?? readSettings(repository.git)]);
  const workTree = inWorkTree(repository);
  const named = settings.get('policy');
  return {
    ...(workTree && { workTree }),
    ...(head && { head }),
    ...(named !== undefined && named !== '' && { person: ofPerson(named) }),
    settings,
  };
}

const tooLarge = { problem: `it is too large: more than ${maxPolicySize / 1024} KiB` };
const unreadable = { problem: 'it cannot be read' };
/** It may lead out of the repository. */
const isLink = { problem: 'it is a symbolic link' };

function inWorkTree(repository: Repository): PolicySource | undefined {
  const source = (what: PolicySource['content']): PolicySource => ({ name: policyFile, content: what });
  let content: FileContent;
  try {
    content = readWorkTreeFile(repository, policyFile, maxPolicySize);
  } catch (error) {
    if (isErrorCode(error, 'EACCES', 'EPERM', 'EIO')) return source(unreadable);
    throw error;
  }
  switch (content.kind) {
    case 'absent':
      return undefined;
    case 'skipped':
      return source({ problem: 'it is too large, or no file' });
    case 'bytes':
      return source(content.isLink ? isLink : { text: content.bytes.toString('utf8') });
  }
}

async function inHead({ git }: Repository): Promise<PolicySource | undefined> {
  const entry = await git.ask(['ls-tree', '-l', '--full-tree', 'HEAD', '--', policyFile]);
  const [, mode, id, size] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t/.exec(entry ?? '') ?? [];
  if (mode === undefined || id === undefined) return undefined;
  const source = (content: PolicySource['content']): PolicySource => ({ name: `${policyFile} in HEAD`, content });
  if (mode === '120000') return source(isLink);
  if (Number(size) > maxPolicySize) return source(tooLarge);
  return source({ text: (await git.run(['cat-file', 'blob', id])).toString('utf8') });
}

/** A link is the person's own here: settings often are. */
function ofPerson(named: string): PolicySource {
  const source = (content: PolicySource['content']): PolicySource => ({ name: named, content });
  const file = named.startsWith('~/') ? path.join(homedir(), named.slice(2)) : named;
  if (!path.isAbsolute(file))
    return source({ problem: 'countersign.policy must be an absolute path, or begin with ~/' });
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return source({ problem: 'it is no file' });
    return source(stats.size > maxPolicySize ? tooLarge : { text: readFileSync(file, 'utf8') });
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return source(unreadable);
    throw error;
  }
}
