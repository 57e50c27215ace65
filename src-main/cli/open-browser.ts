import { spawn } from 'node:child_process';
import process from 'node:process';
import type { Environment } from '../machine/data-dir.ts';

const openers: Partial<Record<NodeJS.Platform, [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  // Not `cmd /c start`, which would read & and ^ of the address as its own.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Some openers end at once, others live as long as the browser they started. */
const OPENER_PATIENCE_MS = 3_000;

/** Shows an address in the user's browser. false when the system has no opener, or it failed. */
export function openBrowser(url: string, environment: Environment): Promise<boolean> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(command, [...args, url], { stdio: 'ignore', env: { ...environment }, detached: true });
  const settle = (opened: boolean): void => {
    clearTimeout(patience);
    child.unref();
    resolve(opened);
  };
  const patience = setTimeout(settle, OPENER_PATIENCE_MS, true);
  child.once('error', () => settle(false));
  child.once('exit', (code) => settle(code === 0));
  return promise;
}
