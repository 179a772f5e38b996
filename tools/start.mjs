import './require-node.mjs';
import { join } from 'node:path';
import { main } from './command.mjs';
import { becomeServer } from './node.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

await main(async () => {
  await prepare();
  becomeServer(join(root, 'dist/servers/suite.js'), process.argv.slice(2));
});
