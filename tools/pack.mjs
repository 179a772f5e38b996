import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './root.mjs';

/**
 * Packs the packages of the servers into a few files in dist/node_modules, where the servers find them before those of
 * the installation: a process opens a few hundred files instead of three thousand when it starts.
 */
const output = join(root, 'dist/node_modules');

/** One is for everybody alike; of another, the demo's directory changes how it reads messages; one looks for its library. */
const unpacked = new Set(['reflect-metadata', 'ldapjs', 'sharp']);
/** What is imported by a path within its package. */
const parts = ['opencc-js/t2cn'];

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = [...Object.keys(dependencies).filter((name) => !unpacked.has(name)), ...parts];

const mark = 'packed:';
/** Names what a package exports: it is not seen in one that is not written as ECMAScript modules. */
const entries = {
  name: 'entries',
  resolveId: (id) => (id.startsWith(mark) ? id : undefined),
  async load(id) {
    if (!id.startsWith(mark)) return undefined;
    const name = id.slice(mark.length);
    const names = Object.keys(await import(name)).filter((one) =>
      /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(one),
    );
    return `export { ${names.join(', ')} } from ${JSON.stringify(name)};`;
  },
};

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: Object.fromEntries(packages.map((name) => [name, mark + name])),
  external: [...unpacked],
  plugins: [entries],
  // What they look for and do without, such as parts of Nest that are not installed, they look for when it is wanted.
  onLog: (level, log, next) => (log.code === 'UNRESOLVED_IMPORT' ? undefined : next(level, log)),
});
rmSync(output, { recursive: true, force: true });
await bundle.write({
  dir: output,
  format: 'esm',
  entryFileNames: '[name]/packed.js',
  chunkFileNames: '.shared/[name]-[hash].js',
  keepNames: true,
});
await bundle.close();
for (const name of Object.keys(dependencies).filter((one) => packages.includes(one))) {
  const inside = parts.filter((part) => part.startsWith(`${name}/`)).map((part) => part.slice(name.length));
  const exports = Object.fromEntries(['', ...inside].map((part) => [`.${part}`, `.${part}/packed.js`]));
  const description = { name, type: 'module', exports };
  writeFileSync(join(output, name, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`);
}
