import { defineConfig } from 'vite';
import { precache } from './vite.precache';

const out = process.env.LIREN_GATE_OUT ?? '../../artifacts/gate';

export default defineConfig({
  base: '/gate/',
  build: {
    target: 'es2022',
    outDir: out,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: 'index.html', sw: 'src/sw.ts' },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  plugins: [precache()],
});
