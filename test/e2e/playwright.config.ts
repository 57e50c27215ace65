import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from '../support/chromium.ts';

// The gateway's page in Chromium, and the desktop app in a real Electron. Run by scripts/test-e2e.mjs, which brings what they need.
// biome-ignore lint/style/noDefaultExport: this is how Playwright reads its configuration
export default defineConfig({
  outputDir: '../../.cache/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'chromium', testDir: '.', testIgnore: 'desktop/**', timeout: 60_000, use: { launchOptions: chromiumLaunch } },
    { name: 'desktop', testDir: 'desktop', timeout: 40_000 },
  ],
});
