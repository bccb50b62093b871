import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { Sign } from '../fact.ts';
import { reading } from '../unreadable.ts';
import { isPassing, isPlaceholder } from './judgement.ts';

const rules = [
  {
    id: '@secretlint/secretlint-rule-preset-recommend',
    rule: creator,
    // Of an access key its id alone is no secret, but it is never written down without one.
    rules: [{ id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } }],
  },
];

/** What secretlint finds in a text. Nothing of the secret itself is in the answer but a digest to compare by. */
export async function scannedSecrets(text: string, path: string): Promise<Sign[]> {
  const extension = path.slice(path.lastIndexOf('/') + 1).match(/\.[^.]*$/)?.[0] ?? '';
  const { messages } = await reading(() =>
    lintSource({
      source: { filePath: path, content: text, ext: extension, contentType: 'text' },
      options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true },
    }),
  );
  return messages
    .filter(({ range }) => {
      const found = text.slice(range[0], range[1]);
      return !isPlaceholder(found) && !isPassing(upToHost(found));
    })
    .map(({ ruleId, messageId, range, loc }) => ({
      kind: 'sign',
      rule: 'secret-added',
      pattern: messageId.toLowerCase().replaceAll('_', '-'),
      detail: `${ruleId.replace(/^.*secretlint-rule-/, '')}: ${messageId.toLowerCase().replaceAll('_', ' ')}`,
      subject: text.slice(range[0], range[1]),
      line: loc.start.line,
      endLine: loc.end.line,
    }));
}

/** `postgres://user:password@host` of a longer address; what is no address as it is. */
function upToHost(found: string): string {
  const at = found.lastIndexOf('@');
  const length = at < 0 ? -1 : found.slice(at).search(/[:/?#]/);
  return length < 0 ? found : found.slice(0, at + length);
}
