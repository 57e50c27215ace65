import { isAbsolute, join, resolve } from 'node:path';
import { type Environment, resolveDataDir } from '../machine/data-dir.ts';

/** What the command line and the environment say. */
export interface ShellOptions {
  dataDir: string;
  /** Chromium's own files: window storage, caches, the lock of the single instance. */
  profileDir: string;
  /** null = the one in the settings. */
  port: number | null;
  config: string | null;
  /** Start in the tray. */
  hidden: boolean;
  /** A Node 24 that runs the gateway; null = Electron itself. */
  node: string | null;
  isTest: boolean;
}

/**
 * The data folder is the CLI's, so that `tollgate …` finds the app's gateway, and one app runs per data folder.
 * @param givenProfile Chromium's --user-data-dir, if it was given: without a data folder of its own, data lies there too
 */
export function readShellOptions(args: readonly string[], environment: Environment, givenProfile: string | null): ShellOptions {
  const given = readOption(args, '--data-dir') ?? environment['TOLLGATE_DATA_DIR'] ?? givenProfile;
  const dataDir = given ? resolve(given) : resolveDataDir(environment);
  const port = Number(readOption(args, '--port') ?? Number.NaN);
  const node = environment['TOLLGATE_NODE'];
  return {
    dataDir,
    profileDir: givenProfile ?? join(dataDir, 'window'),
    port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null,
    config: readOption(args, '--config'),
    hidden: args.includes('--hidden'),
    node: node !== undefined && isAbsolute(node) ? node : null,
    isTest: environment['TOLLGATE_SHELL_TEST'] === '1',
  };
}

/** `--name value` or `--name=value`. */
function readOption(args: readonly string[], name: string): string | null {
  const index = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const arg = args[index];
  if (arg === undefined) return null;
  return arg === name ? (args[index + 1] ?? null) : arg.slice(name.length + 1);
}
