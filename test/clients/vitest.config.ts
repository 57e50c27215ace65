import { defineConfig } from 'vitest/config';

// The programs are started one after another: each is a heavy start of its own.
// biome-ignore lint/style/noDefaultExport: this is how vitest reads its configuration
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.client.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 30_000,
  },
});
