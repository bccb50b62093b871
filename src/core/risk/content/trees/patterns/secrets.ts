import { textOf } from '../tree.ts';
import type { TreePattern } from '../visit.ts';

/** A Secret of Kubernetes as it stands: base64 hides nothing. */
export const kubernetesSecrets: readonly TreePattern[] = [
  {
    documents: ['kubernetes'],
    keys: ['data', 'stringdata'],
    facts: (found, map, position) => {
      const isSecret = map.entries.some(({ key, value }) => key === 'kind' && textOf(value) === 'Secret');
      if (!isSecret || found.value.kind !== 'map') return [];
      return found.value.entries
        .filter(({ value }) => isWrittenOut(textOf(value) ?? ''))
        .map(({ key, value, line, endLine }) => ({
          kind: 'sign' as const,
          rule: 'secret-added' as const,
          pattern: 'kubernetes-secret',
          detail: 'a Secret with its value',
          subject: `${position.path.join('/')}/${key}=${textOf(value)}`,
          line,
          endLine,
        }));
    },
  },
];

function isWrittenOut(text: string): boolean {
  const decoded = /^[A-Za-z0-9+/]{4,}={0,2}$/.test(text) ? atob(text.slice(0, text.length - (text.length % 4))) : '';
  return (
    text.length >= 6 &&
    !/TEMPLATE|\$\{|\$\(|<.*>|change-?me|placeholder|REPLACE|example|^(admin|root|user)$/i.test(`${text} ${decoded}`)
  );
}
