import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../src-renderer');

/** Columns of the list of calls: their cells take the class by the column's name. */
const dynamic: Record<string, readonly string[]> = {
  'features/calls/call-list.module.css': ['state', 'time', 'provider', 'caller', 'tokens', 'duration', 'cost', 'tags'],
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));

/** Every class in the selectors of a style sheet. */
function readClasses(css: string): Set<string> {
  const selectors = css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]+)\{/g);
  const texts = [...selectors].map(([, selector = '']) => selector.trim()).filter((selector) => !selector.startsWith('@'));
  return new Set(texts.flatMap((selector) => [...selector.matchAll(/\.([a-zA-Z_][\w-]*)/g)].map(([, name = '']) => name)));
}

interface Use {
  file: string;
  /** Path of the style sheet. */
  sheet: string;
  /** In `styles['…']`. */
  names: string[];
  /** Anything else done with the styles. */
  isDynamic: boolean;
}

/** What a file takes of each style sheet that it imports, under whatever name. */
function readUses(file: string): Use[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^import (\w+) from '([^']+\.module\.css)';$/gm)].map(([line, name = '', specifier = '']) => {
    const rest = text.replace(line, '');
    const names = [...rest.matchAll(new RegExp(`\\b${name}\\['([^']+)'\\]`, 'g'))].map(([, used = '']) => used);
    const mentions = [...rest.matchAll(new RegExp(`(?<![\\w'"-])${name}\\s*[\\[.,)}]`, 'g'))].length;
    return { file, sheet: join(dirname(file), specifier).replaceAll('\\', '/'), names, isDynamic: mentions > names.length };
  });
}

const sheets = new Map(
  files.filter((path) => path.endsWith('.module.css')).map((path) => [path, readClasses(readFileSync(join(root, path), 'utf8'))]),
);
const modules = files.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
const uses = modules.flatMap(readUses);

describe('classes of style sheets', () => {
  it('are looked at, all of them', () => {
    const count = (lists: readonly { readonly length: number }[]): number => lists.reduce((sum, { length }) => sum + length, 0);
    expect(sheets.size).toBeGreaterThanOrEqual(27);
    expect(count([...sheets.values()].map((classes) => [...classes]))).toBeGreaterThan(120);
    expect(uses.length).toBeGreaterThanOrEqual(50);
    expect(count(uses.map(({ names }) => names))).toBeGreaterThan(150);
    const imports = modules.map((path) => readFileSync(join(root, path), 'utf8').match(/\.module\.css\b/g) ?? []);
    expect(count(imports)).toBe(uses.length);
    expect(readClasses('/* .no */ .a:not(.b) > i, .c { margin: 0.5em } @media (x) { .d { & .e { top: .1em } } }')).toEqual(
      new Set(['a', 'b', 'c', 'd', 'e']),
    );
  });

  it('are defined where they are used', () => {
    expect(
      uses.flatMap(({ file, sheet, names }) => names.filter((name) => !sheets.get(sheet)?.has(name)).map((name) => `${file}: ${name}`)),
    ).toEqual([]);
  });

  it('are used where they are defined', () => {
    const unused = [...sheets].flatMap(([sheet, classes]) => {
      const used = new Set([...uses.filter((use) => use.sheet === sheet).flatMap(({ names }) => names), ...(dynamic[sheet] ?? [])]);
      return [...classes].filter((name) => !used.has(name)).map((name) => `${sheet}: ${name}`);
    });
    expect(unused).toEqual([]);
  });

  it('are taken by a computed name only where that is listed, and the list has nothing else', () => {
    expect([...new Set(uses.filter(({ isDynamic }) => isDynamic).map(({ sheet }) => sheet))]).toEqual(Object.keys(dynamic));
    for (const [sheet, names] of Object.entries(dynamic))
      expect([...(sheets.get(sheet) ?? [])]).toEqual(expect.arrayContaining([...names]));
  });
});
