import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { precache } from './vite.precache';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The resident's pass on the phone, served at /pass/. */
export default defineConfig({
  root: here('wallet'),
  base: '/pass/',
  publicDir: here('wallet/public'),
  build: {
    target: 'es2022',
    outDir: process.env.LIREN_PASS_OUT ?? here('../../artifacts/pass'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: here('wallet/index.html'), sw: here('src/sw.ts') },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  plugins: [precache()],
});
