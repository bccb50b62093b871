import { repositoryPolicy, withPerson } from '../core/policy/layer.ts';
import { type Policy, tighten } from '../core/policy/policy.ts';
import type { ReadLayer } from '../core/policy/read.ts';
import type { Repository } from '../git/repository.ts';
import type { Settings } from '../git/settings.ts';
import { commandsInSettings, doesNotCount } from './commandPolicy.ts';
import { type PolicySource, policySources } from './policySources.ts';

/** What holds here, where it comes from, and a line on each thing that is wrong with that. */
export interface ReadPolicy {
  readonly policy: Policy;
  /** The files that say something, as a person would name them; none: what is built in holds. */
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

export interface PolicyOptions {
  /**
   * Whether the person trusts the folder. What an untrusted one says is read, so that it can be looked at and its mistakes
   * are told, and changes nothing: what is built in and the person's own policy hold.
   */
  readonly isTrusted?: boolean;
  /** The person's settings, where they are read already. */
  readonly settings?: Promise<Settings>;
  /** Loads what reads a file; only called where there is one. */
  readonly loadReader?: () => Promise<{ readonly readLayer: (text: string, name: string) => ReadLayer }>;
}

/**
 * The policy for a repository: what is built in, what its `.countersign.json` says over that (of the work tree's and HEAD's
 * the stricter), and what the person wants besides (the file that `countersign.policy` names, and
 * `countersign.commands.<class>`), which can only tighten it.
 */
export async function readPolicy(
  repository: Repository,
  { isTrusted = true, settings: known, loadReader = () => import('./policyText.ts') }: PolicyOptions = {},
): Promise<ReadPolicy> {
  const sources = await policySources(repository, known);
  const [workTree, head, person] = await Promise.all(
    [sources.workTree, sources.head, sources.person].map((source) => read(source, loadReader)),
  );
  const policy = isTrusted ? repositoryPolicy(workTree?.layer, head?.layer) : repositoryPolicy();
  const settings = commandsInSettings(sources);
  const tightened = withPerson(policy, person?.layer ?? {});
  const files = [isTrusted ? workTree : undefined, isTrusted ? head : undefined, person];
  return {
    policy: tighten(tightened, { ...tightened, commands: settings.commands }),
    files: files.flatMap((file) => (file && Object.keys(file.layer).length > 0 ? [file.name] : [])),
    problems: [
      ...new Set([workTree, head, person].flatMap((file) => file?.problems ?? [])),
      ...settings.problems,
      ...(isTrusted || !(workTree || head) ? [] : ['the folder is not trusted: its policy changes nothing']),
    ],
  };
}

interface ReadSource extends ReadLayer {
  readonly name: string;
}

async function read(
  source: PolicySource | undefined,
  loadReader: Required<PolicyOptions>['loadReader'],
): Promise<ReadSource | undefined> {
  if (!source) return undefined;
  const { name, content } = source;
  if ('problem' in content) return { name, layer: {}, problems: [doesNotCount(name, content.problem)] };
  const { readLayer } = await loadReader();
  return { name, ...readLayer(content.text, name) };
}
