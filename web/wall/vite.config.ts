import { defineConfig } from 'vite';

export default defineConfig({
  base: '/wall/',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: process.env.LIREN_WALL_OUT ?? '../../artifacts/wall',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
