import path from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { PolicySchema } from '../src/core/policy/schema.ts';
import { root } from './paths.ts';

/** What editors complete and check `.countersign.json` by; the extension contributes it. */
export const policySchemaFile = path.join(root, 'schemas', 'policy.json');

/** The JSON schema of a policy file, made of the one that it is read by. What no JSON schema can say is left out. */
export function policyJsonSchema(): string {
  const { $schema, ...schema } = toJsonSchema(PolicySchema, { errorMode: 'ignore' });
  const title = 'Policy of a repository for Countersign';
  return `${JSON.stringify({ $schema, title, allowComments: true, allowTrailingCommas: true, ...schema }, null, 2)}\n`;
}
