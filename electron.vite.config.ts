import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Each entry keeps its folder in out/main, so that code finds its neighbours the same way from source and from the build. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      // Pure JavaScript is bundled: one file starts faster than hundreds. Native modules stay outside.
      externalizeDeps: { exclude: ['fastify', 'undici', 'typebox', 'commander'] },
      rolldownOptions: {
        input: {
          cli: at('src-main/cli.ts'),
          headless: at('src-main/headless.ts'),
          'store/ledger-thread': at('src-main/store/ledger-thread.ts'),
          'store/reader-thread': at('src-main/store/reader-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
});
