import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './root.mjs';

const file = join(root, 'dist', '.lock');

/** Does the work while no other process of this clone does such work. The lock of a process that is gone is taken over. */
export async function locked(work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let holder = tryLock(); holder !== undefined; holder = tryLock()) {
    if (isAlive(holder)) await wait(100);
    else takeOver(holder);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Takes the lock, or returns what its holder wrote into it. */
function tryLock() {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}`);
  try {
    // Linked rather than written in place: a lock that exists names its holder from its first moment.
    linkSync(draft, file);
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return readIfThere(file) ?? tryLock();
  } finally {
    rmSync(draft);
  }
}

/** Removes the lock of a dead process; if another was quicker and the lock is theirs by now, they get it back. */
function takeOver(holder) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive(holder) {
  const [pid, start] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // Process ids come round again; the moment of the start tells a successor from the holder.
  return startOf(pid) === start;
}

/** When the process started, in the kernel's ticks; the same for all where there is no /proc. */
function startOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '0';
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
