import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Tells the service worker which files the app is made of, and a version that changes whenever one of them does. */
export function precache(): Plugin {
  return {
    name: 'liren-precache',
    apply: 'build',
    writeBundle({ dir }) {
      const files = readdirSync(dir!, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile() && f.name !== 'sw.js')
        .map((f) => join(f.parentPath, f.name).slice(dir!.length + 1).replaceAll('\\', '/'))
        .sort();
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(dir!, file)));
      const worker = join(dir!, 'sw.js');
      const text = readFileSync(worker, 'utf8');
      const filled = text.replace(/["'`]__FILES__["'`]/, JSON.stringify(JSON.stringify(files))).replace('__VERSION__', hash.digest('hex').slice(0, 16));
      if (filled === text) throw new Error('sw.js has no place for the list of files');
      writeFileSync(worker, filled);
    },
  };
}
