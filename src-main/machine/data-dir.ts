import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import process from 'node:process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where Tollgate keeps its data unless told otherwise: the place each system has for it. */
export function resolveDataDir(environment: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    return win32.join(environment['LOCALAPPDATA'] || win32.join(environment['USERPROFILE'] || homedir(), 'AppData', 'Local'), 'Tollgate');
  }
  const home = environment['HOME'] || homedir();
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Tollgate');
  // The XDG base directory specification: a relative path is to be ignored.
  const xdg = environment['XDG_DATA_HOME'];
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'tollgate');
}
