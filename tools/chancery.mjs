#!/usr/bin/env node
import './require-node.mjs';
import { join } from 'node:path';
import { main } from './command.mjs';
import { becomeCommand } from './node.mjs';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

await main(async () => {
  await prepare();
  becomeCommand([join(root, 'dist/servers/cli.js'), ...process.argv.slice(2)]);
});
