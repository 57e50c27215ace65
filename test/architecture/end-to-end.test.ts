import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../e2e');

interface Loaded {
  files: Set<string>;
  packages: Set<string>;
}

/** What a file loads at run time, and what that loads. */
function load(path: string, loaded: Loaded): Loaded {
  if (loaded.files.has(path)) return loaded;
  loaded.files.add(path);
  for (const { moduleRequest, entries } of parseSync(path, readFileSync(path, 'utf8')).module.staticImports) {
    const specifier = moduleRequest.value;
    if (entries.length > 0 && entries.every(({ isType }) => isType)) continue;
    if (!specifier.startsWith('.')) loaded.packages.add(specifier);
    else if (specifier.endsWith('.ts')) load(resolve(dirname(path), specifier), loaded);
  }
  return loaded;
}

it('loads nothing of the other test runner', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const loaded: Loaded = { files: new Set(), packages: new Set() };
  for (const name of names) load(join(folder, name), loaded);
  expect(names.filter((name) => name.endsWith('.spec.ts')).length).toBeGreaterThan(10);
  expect(loaded.files.size).toBeGreaterThan(names.length + 10);
  expect([...loaded.packages]).toContain('@playwright/test');
  expect([...loaded.packages].filter((name) => name.startsWith('vitest'))).toEqual([]);
  expect(names.filter((name) => name.endsWith('.test.ts') || name.endsWith('.desktop.ts'))).toEqual([]);
});
