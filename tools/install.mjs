import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { announced, command } from './command.mjs';
import { root } from './root.mjs';

const packages = join(root, 'node_modules');
const stampFile = join(packages, '.chancery-stamp');

/** True when the packages are those of package-lock.json. */
export function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();
}

export async function install() {
  if (!isAsLocked()) {
    await announced('Installing the packages, once, about a minute', () =>
      command('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
        fault: 'The packages could not be installed. npm says:',
        env: { ...process.env, PATH: pathWithoutPackages() },
      }),
    );
  }
  writeFileSync(stampFile, stamp());
}

function stamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** Whoever installed by hand is not made to wait again: npm leaves a list of what it installed when it is done. */
function isAsLocked() {
  const listFile = join(packages, '.package-lock.json');
  if (!existsSync(listFile)) return false;
  const installed = JSON.parse(readFileSync(listFile, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const isWanted = ([path, { optional }]) => path !== '' && (!optional || path in installed);
  return (
    Object.keys(installed).every((path) => path in locked) &&
    Object.entries(locked)
      .filter(isWanted)
      .every(([path, { version }]) => installed[path]?.version === version)
  );
}

/** Scripts of npm find the packaged Node first; npm must not run on a program it is about to replace. */
function pathWithoutPackages() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.startsWith(packages)).join(delimiter);
}
