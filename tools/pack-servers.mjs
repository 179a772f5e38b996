import { readdirSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import architecture from '../architecture.cjs';
import { root } from './root.mjs';

/**
 * Packs what the compiler made of each server into one file and those it shares with the others: a process opens a few
 * dozen files instead of a thousand when it starts.
 */
const output = join(root, 'dist/servers');

const apps = readdirSync(join(root, 'dist/apps')).filter((app) => !architecture.clientApps.includes(app));

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: Object.fromEntries(apps.map((app) => [app, join(root, 'dist/apps', app, 'src/main.js')])),
  external: (id) => !/^[.#/]/.test(id) || builtinModules.includes(id),
  // A module may be there for what it does and not for what it gives.
  treeshake: false,
});
rmSync(output, { recursive: true, force: true });
await bundle.write({
  dir: output,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name]-[hash].js',
  keepNames: true,
});
await bundle.close();
