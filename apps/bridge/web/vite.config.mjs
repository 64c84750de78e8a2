/** `npx vite apps/bridge/web` serves the pages from their sources, against the system that `npm start` runs. */
import { defineConfig } from 'vite';

const SYSTEM = 'http://localhost:8080';

export default defineConfig(({ command }) => ({
  // The page says at run time where it is, so that it works behind any prefix.
  base: command === 'serve' ? '/bridge/' : './',
  resolve: { tsconfigPaths: true },
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: { proxy: { '/bridge/api': SYSTEM, '/bridge/session': SYSTEM } },
}));
