/** The window's page: one bundle for both hosts, with no script or request that the content security policy would refuse. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  /** Stands for the nonce of a load: the host that serves the page puts one in its place each time. */
  html: { cspNonce: 'CSP-NONCE' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    /** Its polyfill would fetch, and browsers that lack it are older than the target. */
    modulePreload: { polyfill: false },
    /** Nothing inline: `data:` addresses are refused for scripts and fonts. */
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
