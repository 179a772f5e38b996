import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(folder('../../package.json'), 'utf8')) as { version: string };

export default defineConfig({
  root: folder('.'),
  plugins: [react()],
  define: { __VERSION__: JSON.stringify(version) },
  resolve: {
    alias: [
      { find: /^#(client|client-parts|contracts)$/, replacement: folder('../../libs/$1/src/index.ts') },
    ],
  },
  build: {
    outDir: folder('../../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    // Inlined assets would be data: addresses, which the policy of the page allows for images alone.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
});
