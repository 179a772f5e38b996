import './require-node.mjs';
import { join } from 'node:path';
import { main } from './command.mjs';
import { becomeCommand } from './node.mjs';
import { findPeers } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

// `npm run test:promises -- --minutes 5`: everything is broken while hundreds of clients write, and then judged.
await main(async () => {
  await prepare();
  const peers = findPeers().map(({ variable, path }) => [variable, path ?? '']);
  becomeCommand(
    [
      '--no-warnings',
      '--experimental-transform-types',
      '--import',
      join(root, 'tools/typescript-sources.mjs'),
      join(root, 'test/faults/main.ts'),
      ...process.argv.slice(2),
    ],
    { ...process.env, ...Object.fromEntries(peers) },
  );
});
