import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

/** What the gateway of a data folder has left there for us. */
export interface GatewayLocation {
  url: URL;
  adminToken: string;
  dataDir: string;
}

const startHint = 'Start it with "tollgate serve", or open the Tollgate app.';

/**
 * Reads DATA_DIR/gateway.json ({url, pid}) and DATA_DIR/admin-token.
 * @param givenUrl takes the place of the url in gateway.json
 * @throws CliError when Tollgate is not running there, or the url leads off this machine
 */
export function readGatewayLocation(dataDir: string, givenUrl: string | undefined): GatewayLocation {
  const url = givenUrl ?? readRecordedUrl(dataDir);
  const adminToken = readIfPresent(join(dataDir, 'admin-token'))?.trim();
  if (!adminToken) throw new CliError(`There is no admin token in ${dataDir}: Tollgate has not run with this data folder. ${startHint}`);
  return { url: parseLoopbackUrl(url), adminToken, dataDir };
}

export function renderNotRunning(url: URL): string {
  return `Tollgate does not answer at ${url.origin}. ${startHint}`;
}

function readRecordedUrl(dataDir: string): string {
  const text = readIfPresent(join(dataDir, 'gateway.json'));
  if (text === null) throw new CliError(`Tollgate is not running with the data folder ${dataDir}. ${startHint}`);
  try {
    const { url } = JSON.parse(text) as { url?: unknown };
    if (typeof url === 'string') return url;
  } catch {
    // Falls through to the message about the file.
  }
  throw new CliError(`${join(dataDir, 'gateway.json')} does not say where Tollgate listens. Restart Tollgate, or use --url.`);
}

/** The admin token must not leave this machine, whatever the file or the option says. */
function parseLoopbackUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw new CliError(`"${text}" is not an address of this machine: expected one like http://127.0.0.1:7979.`, 2);
  }
  return url;
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new CliError(`Cannot read ${path} (${code}).`);
  }
}
