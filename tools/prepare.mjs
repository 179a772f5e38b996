import './require-node.mjs';
import { install, isInstalled } from './install.mjs';
import { locked } from './lock.mjs';

/** Installs and builds what is missing or outdated. Where nothing is, it writes nothing and takes no lock. */
export async function prepare() {
  if (!isInstalled()) await locked(async () => isInstalled() || install());
  // Loaded late: what is built depends on the packages.
  const { build, isBuilt } = await import('./build.mjs');
  if (!isBuilt()) await locked(build);
}
