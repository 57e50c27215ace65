import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { createGatewayClient, type GatewayClient } from './test-gateway-client.ts';

export const projectRoot = resolve(import.meta.dirname, '../..');

interface Inspect {
  tray(): string[];
  act(action: string): void;
  pid(): number | undefined;
  url(): string | null;
}

/** The desktop app as it runs for a test, with a profile of its own. */
export interface DesktopApp {
  readonly app: ElectronApplication;
  readonly pid: number;
  /** The window once it shows the gateway's page. */
  page(): Promise<Page>;
  /** Lines of the tray's menu, top to bottom; "-" between groups. */
  tray(): Promise<string[]>;
  act(action: string): Promise<void>;
  gatewayPid(): Promise<number>;
  url(): Promise<string>;
  /** A client with a caller key made for it. */
  client(): Promise<GatewayClient>;
  quit(): Promise<void>;
}

/** Where the test runner must have said which Electron to drive: scripts/test-e2e.mjs does. */
export async function launchDesktop(dataDir: string, args: readonly string[] = []): Promise<DesktopApp> {
  mkdirSync(dataDir, { recursive: true });
  const app = await _electron.launch({
    args: ['--disable-gpu', projectRoot, '--data-dir', dataDir, ...args, '--port', '0'],
    cwd: projectRoot,
    env: desktopEnvironment(dataDir),
  });
  const url = async (): Promise<string> =>
    until(() => app.evaluate(() => (globalThis as unknown as { tollgateShell: Inspect }).tollgateShell.url()));
  return {
    app,
    pid: app.process().pid ?? 0,
    async page() {
      return until(async () => app.windows().find((window) => window.url().startsWith('http://127.0.0.1')) ?? null);
    },
    tray: () => app.evaluate(() => (globalThis as unknown as { tollgateShell: Inspect }).tollgateShell.tray()),
    act: (action) => app.evaluate((_, name) => (globalThis as unknown as { tollgateShell: Inspect }).tollgateShell.act(name), action),
    gatewayPid: () => until(() => app.evaluate(() => (globalThis as unknown as { tollgateShell: Inspect }).tollgateShell.pid() ?? null)),
    url,
    async client() {
      const open = createGatewayClient(await url(), dataDir, '');
      const { secret } = await open.admin<{ secret: string }>('/admin/keys', { method: 'POST', body: { name: 'test' } });
      return createGatewayClient(await url(), dataDir, secret);
    },
    quit: () => app.close(),
  };
}

export function desktopEnvironment(dataDir: string): Record<string, string> {
  const kept = ['PATH', 'DISPLAY', 'XAUTHORITY', 'TOLLGATE_NODE', 'ELECTRON_OVERRIDE_DIST_PATH', 'DBUS_SESSION_BUS_ADDRESS'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    HOME: join(dataDir, 'home'),
    TOLLGATE_VAULT: 'file',
    TOLLGATE_SHELL_TEST: '1',
  };
}

/** Asks until there is an answer; the test's own time limit ends it. */
export async function until<T>(read: () => Promise<T | null | false | undefined>, withinMs = 15_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await read().catch(() => null);
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms for what did not come: ${read}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
