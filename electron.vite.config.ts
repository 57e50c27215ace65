import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Pages have addresses of their own (/calls/ID), so files are named from the root; electron-vite sets "./", for pages that lie on disk. */
const servedFromRoot = { name: 'served-from-root', enforce: 'post', config: () => ({ base: '/' }) } as const;

/** Each entry keeps its folder in out/main, so that code finds its neighbours the same way from source and from the build. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // The shell must also run in the older Electron that the tests drive; the gateway runs in Node 24 or in Electron 45.
      target: 'node20.18',
      // Pure JavaScript is bundled: one file starts faster than hundreds. Native modules stay outside.
      externalizeDeps: { exclude: ['fastify', 'undici', 'typebox', 'commander'] },
      rolldownOptions: {
        input: {
          cli: at('src-main/cli.ts'),
          headless: at('src-main/headless.ts'),
          desktop: at('src-main/desktop.ts'),
          'gateway-process': at('src-main/gateway-process.ts'),
          'store/ledger-thread': at('src-main/store/ledger-thread.ts'),
          'store/reader-thread': at('src-main/store/reader-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      // A sandboxed preload cannot load ES modules.
      rolldownOptions: { input: { bridge: at('src-main/preload/bridge.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react(), servedFromRoot],
    // Its browser build decodes "&lt;" through innerHTML, which our Trusted Types policy refuses: the page would break on such text.
    resolve: { alias: { 'decode-named-character-reference': at('node_modules/decode-named-character-reference/index.js') } },
    build: {
      outDir: at('out/renderer'),
      target: 'chrome130',
      minify: true,
      rolldownOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
});
