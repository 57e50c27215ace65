import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { findCycle } from './find-cycle.ts';

const root = resolve(import.meta.dirname, '../../src-renderer');

interface RendererModule {
  path: string;
  lines: number;
  /** Of our own modules, from the folder above src-renderer on: "src-main/contract/entities.ts". */
  imports: string[];
  packages: string[];
  exportsDefault: boolean;
  reExports: boolean;
}

const modules = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
  .map((path) => readModule(path.replaceAll('\\', '/')));

function readModule(path: string): RendererModule {
  const text = readFileSync(join(root, path), 'utf8');
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  const entries = module.staticExports.flatMap((statement) => statement.entries);
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: specifiers.filter((name) => name.startsWith('.')).map((name) => relative(dirname(root), resolve(root, dirname(path), name))),
    packages: specifiers.filter((name) => !name.startsWith('.')),
    exportsDefault: entries.some(({ exportName }) => exportName.kind === 'Default'),
    reExports: entries.some(({ moduleRequest }) => moduleRequest !== null),
  };
}

const folderOf = (path: string): string => path.split('/')[0] ?? '';

/** Folder of the window → what it may import of the window besides itself; the contract is open to all but `ui`. */
const mayImport: Record<string, readonly string[]> = {
  app: ['api', 'features', 'platform', 'ui'],
  features: ['api', 'platform', 'product', 'ui', 'app'],
  product: ['api', 'platform', 'ui'],
  api: ['platform'],
  platform: [],
  ui: [],
};

const problems = (rule: (module: RendererModule) => string[]): string[] =>
  modules.flatMap((module) => rule(module).map((problem) => `${module.path}: ${problem}`));

describe('the window', () => {
  it('is looked at as a whole', () => {
    expect(modules.length).toBeGreaterThan(120);
    expect(modules.reduce((sum, { imports }) => sum + imports.length, 0)).toBeGreaterThan(400);
    expect(new Set(modules.map(({ path }) => folderOf(path)))).toEqual(new Set([...Object.keys(mayImport), 'main.tsx']));
  });

  it('takes of the gateway only the contract', () => {
    expect(
      problems(({ imports }) => imports.filter((target) => target.startsWith('src-main/') && !target.startsWith('src-main/contract/'))),
    ).toEqual([]);
  });

  it('lets each folder import only what it may', () => {
    expect(
      problems(({ path, imports }) => {
        const folder = folderOf(path);
        const allowed = mayImport[folder];
        if (allowed === undefined) return [];
        return imports.filter((target) => {
          if (target.startsWith('src-main/')) return folder === 'ui';
          const other = folderOf(target.replace('src-renderer/', ''));
          return other !== folder && !allowed.includes(other);
        });
      }),
    ).toEqual([]);
  });

  it('keeps features apart', () => {
    const featureOf = (path: string): string | null => /(?:^|\/)features\/([^/]+)\//.exec(path)?.[1] ?? null;
    expect(
      problems(({ path, imports }) =>
        imports.filter((target) => featureOf(path) !== null && featureOf(target) !== null && featureOf(target) !== featureOf(path)),
      ),
    ).toEqual([]);
  });

  it('has no import cycle, of types either', () => {
    const ours = (target: string): string[] => (target.startsWith('src-renderer/') ? [target.replace('src-renderer/', '')] : []);
    expect(findCycle(new Map(modules.map(({ path, imports }) => [path, imports.flatMap(ours)])))).toBeNull();
  });

  it('has no default export, re-exports nothing, keeps files short and names them for what they are', () => {
    expect(
      problems(({ path, lines, exportsDefault, reExports }) => [
        ...(exportsDefault ? ['default export'] : []),
        ...(reExports ? ['re-export'] : []),
        ...(lines > 250 ? [`${lines} lines`] : []),
        ...(/(^|\/)(index|utils?|helpers?|common|shared|misc|types?)(\.tsx?|\/)/.test(path) ? ['a name for a heap of things'] : []),
      ]),
    ).toEqual([]);
  });

  it('never makes HTML from text', () => {
    const text = modules.map(({ path }) => readFileSync(join(root, path), 'utf8')).join('\n');
    expect(text).not.toMatch(/dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write|eval\(|new Function\(/);
  });
});
