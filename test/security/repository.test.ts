import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findKeyShapes } from '../../src-main/secrets/redaction/find-key-shapes.ts';

const root = join(import.meta.dirname, '../..');

interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
}

const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(root, name), 'utf8')) as T;

/** Every file that is, or is about to be, in the repository. */
function readRepository(): { path: string; text: string }[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return [...new Set(list.split('\0'))]
    .filter((path) => path !== '')
    .flatMap((path) => {
      try {
        return [{ path, text: readFileSync(join(root, path), 'utf8') }];
      } catch {
        // Deleted, not yet committed.
        return [];
      }
    });
}

describe('K1: what npm installs', () => {
  const readLock = (path: string) =>
    Object.entries(readJson<{ packages: Record<string, LockedPackage> }>(path).packages).filter(([name]) => name !== '');
  const packages = readLock('package-lock.json');
  const locks = readRepository().filter(({ path }) => /(^|\/)package-lock\.json$/.test(path));
  const everywhere = locks.flatMap(({ path }) => readLock(path));

  it('is pinned by hash, package by package', () => {
    expect(packages.length).toBeGreaterThan(200);
    expect(everywhere.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  it('comes from the public registry: no git, no URL, no folder', () => {
    const elsewhere = everywhere.filter(
      ([, { resolved, link }]) => link === true || (resolved ?? officialRegistry).startsWith(officialRegistry) === false,
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
    const ranges = everywhere.flatMap(([path, { dependencies = {} }]) =>
      Object.entries(dependencies).map(([name, range]) => ({ path, name, range })),
    );
    expect(ranges.length).toBeGreaterThan(200);
    expect(ranges.filter(({ range }) => /^(git|https?:|file:|link:|github:)|^[\w.-]+\/[\w.-]+(#|$)/.test(range))).toEqual([]);
  });

  it('runs no script: the switch is on, and nothing needs one', () => {
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
    const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(withScript).toEqual(knownScripts);
    const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack|publish(Only)?)$/.test(name))).toEqual([]);
  });

  it('is exact, and little at run time', () => {
    const own = readJson<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>('package.json');
    const wanted = { ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies };
    expect(Object.values(wanted).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const atRunTime = packages.filter(([, { dev, optional }]) => dev !== true && optional !== true).map(([path]) => path);
    process.stdout.write(`K3: ${atRunTime.length} packages at run time\n`);
    expect(atRunTime.length).toBeLessThan(60);
  });
});

const officialRegistry = 'https://registry.npmjs.org/';
/** electron-winstaller copies a program for Windows installers; protobufjs prints a version warning; usocket (optional for dbus-next) compiles itself. */
const knownScripts = ['node_modules/electron-winstaller', 'node_modules/protobufjs', 'node_modules/usocket'];

describe('K4: what stands in the repository', () => {
  const files = readRepository();
  const text = files.filter(({ text: content }) => !content.includes('\0'));
  /** Made-up keys say so, or no random source would give them. */
  const madeUp = /test|canary|fake|example|secret|0?123456789|abcdef|(.)\1{5}/i;

  function search(pattern: RegExp, among = text): string[] {
    return among.flatMap(({ path, text: content }) =>
      content.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
  }

  it('is looked at', () => {
    expect(files.length).toBeGreaterThan(400);
    expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['package.json', 'src-main/cli.ts', 'README.md']));
  });

  it('holds nothing in the shape of a key but made-up ones', () => {
    const found = text.flatMap(({ path, text: content }) =>
      findKeyShapes(content).map(({ start, end }) => ({ path, key: content.slice(start, end) })),
    );
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter(({ key }) => !madeUp.test(key)).map(({ path, key }) => `${path}: ${key.slice(0, 40)}`)).toEqual([]);
  });

  it('negative control: random keys of the vendors’ shapes are found', () => {
    const random = Array.from({ length: 90 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
    for (const prefix of ['sk-ant-api03-', 'sk-proj-', 'gsk_', 'ghp_']) expect(findKeyShapes(`x = "${prefix}${random}"`)).toHaveLength(1);
    expect(madeUp.test(random)).toBe(false);
  });

  it('names no path of a machine and no other package host', () => {
    // A home folder of one letter is an example in a test.
    expect(search(/(^|[\s"'`(=:])[/](work|root|home[/]\w\w+|Users[/]\w\w+|private|mnt|srv)[/]/)).toEqual([]);
    expect(
      search(
        /(^|[\s"'`(=])[/]tmp[/]\w/,
        text.filter(({ path }) => !path.startsWith('test/')),
      ),
    ).toEqual([]);
    expect(
      search(/https?:[/][/][\w.-]*(npm|registry|verdaccio|artifactory|nexus|pypi|mirror)[\w.-]*/i).filter(
        (line) => !line.includes(officialRegistry.slice(0, -1)),
      ),
    ).toEqual([]);
    expect(
      search(
        /\b(10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+:\d{2,5}\b/,
        text.filter(({ path }) => !path.startsWith('test/')),
      ),
    ).toEqual([]);
  });

  it('makes no code from text and turns no certificate check off', () => {
    const source = text.filter(({ path }) => /^(src-main|src-renderer|scripts)\//.test(path));
    expect(search(/\beval\(|\bnew Function\(|rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED/, source)).toEqual([]);
  });
});
