// Runs a list of commands with the project's own Node and says how long each took.
import { spawnSync } from 'node:child_process';
import { projectEnvironment, root } from './setup.mjs';

/**
 * @param {string} name shown to the reader
 * @param {string[]} command found in node_modules/.bin first
 * @returns {boolean} whether it succeeded; its output is shown when it failed
 */
export function runStep(name, command, { show = false, timeoutMs = 20 * 60_000, environment = {} } = {}) {
  const startedAt = Date.now();
  const [program, ...args] = command;
  const result = spawnSync(program, args, {
    cwd: root,
    env: { ...projectEnvironment(), ...environment },
    encoding: 'utf8',
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutMs,
  });
  const passed = result.status === 0;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!passed) console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trimEnd());
  return passed;
}

/** The static checks: format, lint, types per environment, generated files, dead code. */
export const staticSteps = [
  ['format and lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['typed lint', ['oxlint', '--type-aware', 'src-main', 'src-renderer', 'test']],
  ['types: contract and domain', ['tsc', '-p', 'tsconfig/pure.json']],
  ['types: main', ['tsc', '-p', 'tsconfig/main.json']],
  ['types: renderer', ['tsc', '-p', 'tsconfig/renderer.json']],
  ['types: shell', ['tsc', '-p', 'tsconfig/shell.json']],
  ['types: tests', ['tsc', '-p', 'tsconfig/test.json']],
  ['price book is up to date', ['node', 'scripts/generate-price-book.mjs', '--check']],
  ['config schema is up to date', ['node', 'scripts/generate-config-schema.mjs', '--check']],
  ['dead files and exports', ['knip', '--no-progress']],
];
