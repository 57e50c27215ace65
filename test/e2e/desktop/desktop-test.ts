import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type DesktopApp, launchDesktop } from '../../support/desktop-app.ts';

interface DesktopFixtures {
  /** A profile of this test's own. */
  dataDir: string;
  /** Runs when the test is over, the newest first, while the profile is still there. */
  atEnd(close: () => void): void;
  launch(args?: readonly string[]): Promise<DesktopApp>;
  /** The app as it starts by itself. */
  desktop: DesktopApp;
}

/** A test of the app in a real Electron; whatever it launches has quit when it is over. */
export const test = base.extend<DesktopFixtures>({
  atEnd: async ({}, use) => {
    const closers: (() => void)[] = [];
    await use((close) => void closers.unshift(close));
    for (const close of closers) close();
  },
  dataDir: async ({ atEnd }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
    atEnd(() => rmSync(folder, { recursive: true, force: true }));
    await use(folder);
  },
  launch: async ({ dataDir }, use) => {
    const running: DesktopApp[] = [];
    await use(async (args) => {
      const app = await launchDesktop(dataDir, args);
      running.push(app);
      return app;
    });
    for (const app of running) await app.quit().catch(() => {});
  },
  desktop: async ({ launch }, use) => use(await launch()),
});
