import './require-node.mjs';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { main, ToolError } from './command.mjs';
import { root } from './root.mjs';

/**
 * Keeps the SDK of this commit as one file in test/fixtures, as a browser would run it: the servers of later releases
 * are tested against it. The fixtures of releases that are no longer supported are deleted by hand.
 */
await main(async () => {
  if (git('status', '--porcelain', 'libs/client', 'libs/contracts')) {
    throw new ToolError('libs/client or libs/contracts has changes that are not committed.');
  }
  const [commit, date] = git('log', '-1', '--format=%H %cs').split(' ');
  const folder = join(root, 'test', 'fixtures');
  const file = join(folder, `client-${date}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    `// The SDK as of ${date}, commit ${commit}. Made by tools/freeze-client.mjs.\n${await bundle()}`,
  );
  process.stdout.write(`${file}\n`);
});

async function bundle() {
  const library = (name) => join(root, 'libs', name, 'src', 'index.ts');
  const { output } = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { alias: { '#client': library('client'), '#contracts': library('contracts') } },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      rolldownOptions: {
        input: library('client'),
        preserveEntrySignatures: 'strict',
        output: { format: 'esm', codeSplitting: false, comments: false },
      },
    },
  });
  return output[0].code;
}

function git(...parameters) {
  return execFileSync('git', parameters, { cwd: root, encoding: 'utf8' }).trim();
}
