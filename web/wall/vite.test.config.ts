import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

/** The tests as plain modules for Node's own test runner. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: '../../artifacts/wall-test',
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      input: Object.fromEntries(readdirSync('test').filter((f) => f.endsWith('.test.ts')).map((f) => [f.slice(0, -3), `test/${f}`])),
      output: { entryFileNames: '[name].mjs', chunkFileNames: 'shared/[name]-[hash].mjs' },
    },
  },
  ssr: { noExternal: true },
});
