// Writes resources/config.schema.json from contract/config-file.ts; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigFileSchema } from '../src-main/contract/config-file.ts';

const path = fileURLToPath(new URL('../resources/config.schema.json', import.meta.url));
const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Tollgate config file', ...ConfigFileSchema };
const text = `${JSON.stringify(schema, null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('resources/config.schema.json is out of date: run node scripts/generate-config-schema.mjs');
    process.exit(1);
  }
} else writeFileSync(path, text);
