import './require-node.mjs';
import { main } from './command.mjs';
import { becomeCommand } from './node.mjs';
import { findPeers } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

// `npm run bench -- sends latency` runs these two; what else may be given is told by --help.
await main(async () => {
  await prepare();
  process.chdir(root);
  const peers = Object.fromEntries(findPeers().map(({ variable, path }) => [variable, path ?? '']));
  becomeCommand(
    [
      '--no-warnings',
      '--experimental-transform-types',
      '--import=./tools/typescript-sources.mjs',
      'test/benchmarks/main.ts',
      ...process.argv.slice(2),
    ],
    { ...process.env, ...peers },
  );
});
