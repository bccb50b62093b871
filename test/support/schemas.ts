import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const ajv = new Ajv2020({ allErrors: true });
ajv.addFormat('uuid', uuid);
ajv.addFormat('date-time', (text: string) => dateTime.test(text) && !Number.isNaN(Date.parse(text)));
ajv.addFormat('uri', (text: string) => URL.canParse(text));

const schemaFile = path.join(__dirname, '../unit/interoperation/agentTrace.schema.json');
const agentTrace = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

/** A Statement as in-toto v1 has it, with the digests that git objects have. */
const objectId = { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' };
const statement = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['_type', 'subject', 'predicateType', 'predicate'],
  properties: {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    subject: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['digest'],
        properties: {
          name: { type: 'string' },
          digest: {
            type: 'object',
            minProperties: 1,
            additionalProperties: false,
            properties: { gitCommit: objectId, gitTree: objectId },
          },
        },
      },
    },
    predicateType: { type: 'string', format: 'uri' },
    predicate: { type: 'object' },
  },
});

/** An Agent Trace record, by its JSON schema. */
export function assertAgentTrace(value: unknown): void {
  assert.ok(agentTrace(value), ajv.errorsText(agentTrace.errors));
}

export function assertStatement(value: unknown): void {
  assert.ok(statement(value), ajv.errorsText(statement.errors));
}
