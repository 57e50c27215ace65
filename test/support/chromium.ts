import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type LaunchOptions } from 'playwright';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** The system's Chromium, never one that was downloaded: where it is missing the launch fails and names its path. */
export const chromiumLaunch: LaunchOptions = {
  executablePath: executablePath ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export interface TestBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

/**
 * The system's Chromium with an empty profile.
 * @param hostRules as of `--host-resolver-rules`, e.g. "MAP evil.example 127.0.0.1"
 * @throws when no Chromium is installed: a boundary test that cannot run must not pass
 */
export async function openChromium(hostRules?: string): Promise<TestBrowser> {
  if (executablePath === undefined) throw new Error('These tests need Chromium: apt-get install -y chromium');
  const profile = await mkdtemp(join(tmpdir(), 'tollgate-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumLaunch,
    args: [...(chromiumLaunch.args ?? []), ...(hostRules === undefined ? [] : [`--host-resolver-rules=${hostRules}`])],
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A web server of a stranger: serves one HTML page on every path of a loopback port. */
export async function openForeignSite(html: string): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
