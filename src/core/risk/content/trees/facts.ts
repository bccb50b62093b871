import { treeRequirements } from '../dependencies/manifests.ts';
import type { Fact } from '../fact.ts';
import { documentKindOf, type TreeFormat } from './format.ts';
import { hostRules } from './hostRules.ts';
import { scanLines } from './lineScan.ts';
import { namedSecrets } from './namedSecrets.ts';
import { containers } from './patterns/containers.ts';
import { destructive } from './patterns/destructive.ts';
import { iam, publicAccess } from './patterns/iam.ts';
import { network } from './patterns/network.ts';
import { kubernetesSecrets } from './patterns/secrets.ts';
import { workflows } from './patterns/workflows.ts';
import { scriptFacts } from './scripts.ts';
import { type Tree, TreeError } from './tree.ts';
import { TreePatterns } from './visit.ts';

const patterns = new TreePatterns([
  ...destructive,
  ...iam,
  ...publicAccess,
  ...network,
  ...containers,
  ...workflows,
  ...kubernetesSecrets,
]);

/** What a structured text says. Each document of it is a thing of its own. */
export async function textFacts(text: string, path: string, format: TreeFormat): Promise<Fact[]> {
  const trees = await treesOf(text, format);
  const kind = documentKindOf(path, text);
  if (format === 'lines') return [...hostRules(text, path), ...patterns.facts(scanLines(text), kind)];
  const facts: Fact[] = [];
  for (const tree of trees) {
    facts.push(
      ...patterns.facts(tree, kind),
      ...treeRequirements(tree, path),
      ...namedSecrets(tree, path),
      ...(await scriptFacts(tree, kind, (inner) => patterns.facts(inner, kind))),
    );
  }
  return facts;
}

async function treesOf(text: string, format: TreeFormat): Promise<Tree[]> {
  switch (format) {
    case 'hcl':
      return [(await import('./hcl.ts')).readHcl(text)];
    case 'json':
      return /^\s*[[{/]/.test(text) ? [(await import('./json.ts')).readJson(text)] : yamlOrLines(text);
    case 'yaml':
      return await yamlOrLines(text);
    case 'toml':
    case 'lines':
      return [scanLines(text)];
  }
}

/** What does not parse is scanned line by line. */
async function yamlOrLines(text: string): Promise<Tree[]> {
  const { readYaml } = await import('./yaml.ts');
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof TreeError) return [scanLines(text)];
    throw error;
  }
}
