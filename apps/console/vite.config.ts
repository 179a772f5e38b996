import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The API of a running server, for `vite dev`. */
const server = 'http://127.0.0.1:3000';

export default defineConfig({
  root: folder('.'),
  base: '/console/',
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^#(client|client-parts|contracts)$/, replacement: folder('../../libs/$1/src/index.ts') },
    ],
  },
  build: {
    outDir: folder('../../dist/console'),
    emptyOutDir: true,
    assetsDir: 'assets',
    // Inlined assets would be data: addresses, which the policy of the page allows for images alone.
    assetsInlineLimit: 0,
    sourcemap: false,
    target: 'es2022',
    rolldownOptions: {
      // Schemas are told not to compile themselves before the first of them is made.
      output: { strictExecutionOrder: true },
      // The SDK brings sockets and uploads along, which nothing here uses.
      treeshake: { moduleSideEffects: (id) => !/socket\.io|engine\.io|tus-js-client|\/libs\//.test(id) },
    },
  },
  server: { proxy: { '/api': server } },
});
