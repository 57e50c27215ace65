import { defineConfig } from 'vitest/config';

// Real Electron, one app at a time. Run by scripts/test-desktop.mjs, which brings the runtime and the display.
// biome-ignore lint/style/noDefaultExport: this is how vitest reads its configuration
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.desktop.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 40_000,
    hookTimeout: 30_000,
  },
});
