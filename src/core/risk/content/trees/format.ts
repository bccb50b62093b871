import type { DocumentKind } from './visit.ts';

export type TreeFormat = 'hcl' | 'yaml' | 'json' | 'toml' | 'lines';

/** How a structured file is read, by its name; `undefined` for what is none. */
export function treeFormatOf(path: string): TreeFormat | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(tf|tofu|hcl|tfvars|nomad)$/.test(name)) return 'hcl';
  if (/\.(ya?ml)(\.\w{1,5})?$/.test(name) || /\.ya?ml\.(tpl|j2)$/.test(name)) return 'yaml';
  if (/\.(jsonc?|json5|tfstate|template|arm)$/.test(name)) return 'json';
  if (/\.toml$|^Pipfile$/.test(name)) return 'toml';
  if (
    /^\.env(\..*)?$|\.(env|properties|ini|cfg|conf|cnf|tpl)$|^(sudoers|sshd_config|my\.cnf|\.npmrc|\.curlrc|\.wgetrc|\.gitconfig|nginx\.conf|\.htaccess)/.test(
      name,
    ) ||
    /(^|\/)sudoers\.d\//.test(path)
  )
    return 'lines';
  return undefined;
}

/** What a text is, beyond its format: by its path, and by words that stand in it. */
export function documentKindOf(path: string, text: string): DocumentKind {
  if (/\.(tf|tofu|hcl|tfvars|nomad)(\.json)?$/.test(path)) return 'terraform';
  if (/(^|\/)\.github\/workflows\/|(^|\/)action\.ya?ml$/.test(path)) return 'workflow';
  if (/(^|\/)(docker-)?compose([.-][^/]*)?\.ya?ml$/.test(path)) return 'compose';
  if (/^\s*["']?apiVersion["']?\s*:/m.test(text) && /^\s*["']?kind["']?\s*:/m.test(text)) return 'kubernetes';
  if (/AWSTemplateFormatVersion|\bAWS::\w+::/.test(text)) return 'cloudformation';
  return 'values';
}
