import { describe, expect, it } from 'vitest';
import { findCycle } from './find-cycle.ts';
import { type Module, readModules } from './modules.ts';

const modules = readModules();
const byPath = new Map(modules.map((module) => [module.path, module]));

/** Folder → folders it may import from. Entries (files directly in src-main) may import everything. */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  domain: ['contract'],
  json: [],
  dialects: ['contract', 'domain', 'json'],
  providers: ['contract', 'domain', 'dialects'],
  proxy: ['contract', 'domain', 'dialects', 'providers', 'store', 'secrets'],
  collector: ['contract', 'domain', 'store'],
  admin: ['contract', 'domain', 'store', 'machine'],
  store: ['contract', 'domain', 'json', 'secrets'],
  secrets: ['contract', 'domain'],
  cli: ['contract', 'domain', 'machine'],
  shell: ['contract', 'machine', 'cli'],
  preload: ['contract'],
  machine: [],
  gateway: ['contract', 'domain', 'dialects', 'providers', 'proxy', 'admin', 'collector', 'store', 'secrets', 'machine'],
};

/** From these folders others may take types only: the composition root hands over the instances. */
const typesOnly = new Map([
  ['store', ['proxy', 'admin', 'collector']],
  ['secrets', ['proxy', 'admin', 'store']],
]);

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/** "file beside folder": X/** is private to X.ts and its own files. Gives the owner, or null when the path is public. */
function ownerOf(path: string): string | null {
  const parts = path.split('/');
  for (let depth = parts.length - 1; depth > 1; depth--) {
    const face = `${parts.slice(0, depth).join('/')}.ts`;
    if (byPath.has(face)) return face;
  }
  return null;
}

function violations(rule: (module: Module) => string[]): string[] {
  return modules.flatMap((module) => rule(module).map((problem) => `${module.path}: ${problem}`));
}

describe('architecture', () => {
  it('looks at the whole source tree', () => {
    expect(modules.length).toBeGreaterThan(150);
    expect(modules.reduce((sum, { imports }) => sum + imports.length, 0)).toBeGreaterThan(600);
    expect(Object.keys(mayImport).filter((folder) => modules.some(({ path }) => folderOf(path) === folder)).length).toBeGreaterThanOrEqual(
      9,
    );
  });

  it('finds every import on disk', () => {
    expect(
      violations(({ imports }) =>
        imports
          .filter(({ target }) => target !== null && !byPath.has(target))
          .map(({ specifier }) => `imports ${specifier}, which is not there`),
      ),
    ).toEqual([]);
  });

  it('lets each folder import only what it may', () => {
    expect(
      violations(({ path, imports }) => {
        const folder = folderOf(path);
        if (folder === '') return [];
        const allowed = mayImport[folder];
        if (allowed === undefined) return [`folder ${folder} has no rule`];
        return imports
          .filter(({ target }) => target !== null && folderOf(target) !== folder && !allowed.includes(folderOf(target)))
          .map(({ target }) => `${folder} may not import ${target}`);
      }),
    ).toEqual([]);
  });

  it('takes only types from store and secrets outside the composition root', () => {
    expect(
      violations(({ path, imports }) =>
        imports
          .filter(({ target, typeOnly }) => target !== null && !typeOnly && folderOf(target) !== folderOf(path))
          .filter(({ target }) => typesOnly.get(folderOf(target ?? ''))?.includes(folderOf(path)) === true)
          .map(({ target }) => `imports ${target} as a value`),
      ),
    ).toEqual([]);
  });

  it('keeps a folder beside its file private to that file', () => {
    expect(
      violations(({ path, imports }) =>
        imports
          .map(({ target }) => target)
          .filter((target): target is string => target !== null && byPath.has(target))
          .filter((target) => {
            const owner = ownerOf(target);
            return owner !== null && path !== owner && !path.startsWith(owner.replace(/\.ts$/, '/'));
          })
          .map((target) => `${target} is private to ${ownerOf(target)}`),
      ),
    ).toEqual([]);
  });

  it('keeps dialects apart: only the registry sees them all', () => {
    const faces = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini-generate'];
    expect(
      violations(({ path, imports }) => {
        const own = faces.find((face) => path.startsWith(`dialects/${face}`));
        if (own === undefined) return [];
        return imports
          .filter(({ target }) => faces.some((face) => face !== own && target?.startsWith(`dialects/${face}`) === true))
          .map(({ target }) => `imports the other dialect ${target}`);
      }),
    ).toEqual([]);
  });

  it('has no import cycle, of types either', () => {
    expect(findCycle(new Map(modules.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])])))).toBeNull();
  });

  it('has no default export and re-exports nothing', () => {
    expect(
      violations(({ defaultExports, imports }) => [
        ...(defaultExports > 0 ? ['default export'] : []),
        ...imports.filter(({ reExport }) => reExport).map(({ specifier }) => `re-exports ${specifier}`),
      ]),
    ).toEqual([]);
  });

  it('keeps files and functions short', () => {
    expect(
      violations(({ lines, longFunctions }) => [
        ...(lines > 400 ? [`${lines} lines`] : []),
        ...longFunctions.map(({ name, lines: length }) => `${name} has ${length} lines`),
      ]),
    ).toEqual([]);
  });

  it('names no file for a heap of things', () => {
    expect(
      modules
        .map(({ path }) => path)
        .filter((path) => /(^|\/)(index|utils?|helpers?|common|shared|misc|types?|manager|service)(\.ts|\/)/.test(path)),
    ).toEqual([]);
  });

  it('confines what only some code may touch', () => {
    const confined: [RegExp, (path: string) => boolean, string][] = [
      [/\bprocess\.env\b/, (path) => !path.includes('/') || path.startsWith('cli/'), 'process.env'],
      [/from 'better-sqlite3'/, (path) => path.startsWith('store/'), 'better-sqlite3'],
      [/\b(SELECT|INSERT INTO|DELETE FROM|UPDATE) /, (path) => path.startsWith('store/'), 'SQL'],
      [
        /\.dispatch\(|from 'node:https'|\bfetch\(|http\.request\(/,
        (path) => path === 'proxy/call-upstream.ts' || path.startsWith('cli/'),
        'an outbound call',
      ],
      [/from 'electron'/, (path) => /^(shell|preload)\//.test(path) || path === 'desktop.ts', 'electron'],
      [/rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED/, () => false, 'a switch that turns certificate checks off'],
      [/\beval\(|new Function\(/, () => false, 'code made from text'],
    ];
    expect(
      violations(({ path, text }) => {
        const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
        return confined.filter(([pattern, allows]) => pattern.test(code) && !allows(path)).map(([, , what]) => `uses ${what}`);
      }),
    ).toEqual([]);
    // Each pattern finds something, or the rule has gone blind.
    for (const what of [0, 1, 2, 3]) expect(modules.some(({ text }) => confined[what]?.[0].test(text))).toBe(true);
  });

  it('gives contract and domain no Node module', () => {
    expect(
      violations(({ path, imports }) =>
        /^(contract|domain)\//.test(path)
          ? imports.filter(({ specifier }) => specifier.startsWith('node:')).map(({ specifier }) => `imports ${specifier}`)
          : [],
      ),
    ).toEqual([]);
  });
});
