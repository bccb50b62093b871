import type { Sign } from '../fact.ts';

/** Files with a language of their own, a rule a line: who may log in to PostgreSQL, and who may become root. */
export function hostRules(text: string, path: string): Sign[] {
  const isHostAccess = /pg_hba[^/]*$/.test(path);
  const isSudo = /(^|\/)sudoers/.test(path);
  if (!isHostAccess && !isSudo) return [];
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const said = isHostAccess ? hostAccess(line.trim().split(/\s+/)) : sudo(line);
    if (!said) return [];
    return [
      {
        kind: 'sign',
        rule: 'permission-widened',
        ...said,
        subject: line.trim().replace(/\s+/g, ' '),
        line: index + 1,
      } as const,
    ];
  });
}

function hostAccess(words: readonly string[]): Pick<Sign, 'pattern' | 'detail'> | undefined {
  const method = words[0] === 'local' ? words[3] : words.slice(4).find((word) => !/^\d/.test(word));
  if (method === 'trust' && words[0] !== 'local')
    return { pattern: 'authentication-off', detail: 'whoever connects is trusted' };
  const isOpen = words.some((word) => /^(0\.0\.0\.0\/0|::\/0|::0\/0|all)$/.test(word) && word === words[3]);
  return isOpen && method !== 'reject' && words[0] !== 'local'
    ? { pattern: 'open-ingress', detail: 'the whole internet may connect' }
    : undefined;
}

function sudo(line: string): Pick<Sign, 'pattern' | 'detail'> | undefined {
  if (/\bNOPASSWD\b/.test(line))
    return { pattern: 'sudo-no-password', detail: 'a user becomes root without a password' };
  return /^\s*(?!root\b|%?(sudo|wheel|admin)\b)\S+\s+ALL\s*=\s*\(ALL(:ALL)?\)\s*ALL\b/.test(line)
    ? { pattern: 'sudo', detail: 'a user may do anything as root' }
    : undefined;
}
