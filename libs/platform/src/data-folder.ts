import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError, type EmbeddedPart } from './run.js';

/**
 * Takes a data folder for this process alone, making it first where there is none. Throws `StartError` where it
 * cannot be written, or where another process that lives works with it. A process that died left no claim.
 */
export async function claimDataFolder(folder: string): Promise<EmbeddedPart> {
  const file = join(folder, 'process');
  await makeWritable(folder);
  for (;;) {
    const owner = await ownerOf(file);
    if (owner !== undefined) {
      throw new StartError(
        `The data in ${folder} is in use by process ${owner}. Stop that one, or choose another folder: CHANCERY_DATA=./other npm start`,
      );
    }
    if (await claim(file)) return { stop: () => rm(file, { force: true }) };
  }
}

async function makeWritable(folder: string): Promise<void> {
  const probe = join(folder, `.writable-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Give this user the right to, or choose another folder: CHANCERY_DATA=./other npm start',
      { cause: error },
    );
  }
}

/** The living process that claimed the folder. A claim of a dead one is removed. */
async function ownerOf(file: string): Promise<number | undefined> {
  const claimed = await readFile(file, 'utf8').catch(() => undefined);
  if (claimed === undefined) return undefined;
  const [pid, started] = claimed.split(' ');
  if (started !== undefined && (await startOf(Number(pid))) === started) return Number(pid);
  await rm(file, { force: true });
  return undefined;
}

async function claim(file: string): Promise<boolean> {
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  await handle?.writeFile(`${process.pid} ${await startOf(process.pid)}`);
  await handle?.close();
  return handle !== undefined;
}

/** When a process began, in ticks since the machine did: tells it from a later one with the same id. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in brackets may hold anything, so fields are counted after it; the start is field 22.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
