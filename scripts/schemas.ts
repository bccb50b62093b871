import { writeFileSync } from 'node:fs';
import { policyJsonSchema, policySchemaFile } from './policySchema.ts';

// npm run schemas: writes the JSON schemas that ship.
writeFileSync(policySchemaFile, policyJsonSchema());
