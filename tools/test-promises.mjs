import './require-node.mjs';
import { main } from './command.mjs';
import { becomeCommand } from './node.mjs';
import { findPeers } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const given = process.argv.slice(2);

/** Everything is broken while hundreds of clients write, and then they are asked what they were told. */
const run = [
  '--experimental-transform-types',
  '--import=./tools/typescript-sources.mjs',
  'test/faults/main.ts',
  ...given,
];

/** The judge of that is judged: each build that is broken on purpose must be found out. */
const checker = [
  '--experimental-vm-modules',
  'node_modules/jest/bin/jest.js',
  ...given.filter((argument) => argument !== '--checker'),
  '--runInBand',
  // Node has been seen to spin for ever while it closes what is open at its natural end; everything is told by then.
  '--forceExit',
  '--selectProjects',
  'faults',
];

await main(async () => {
  await prepare();
  const peers = findPeers().map(({ variable, path }) => [variable, path ?? '']);
  process.chdir(root);
  becomeCommand(['--no-warnings', ...(given.includes('--checker') ? checker : run)], {
    ...process.env,
    ...Object.fromEntries(peers),
  });
});
