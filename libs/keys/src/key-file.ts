import { constants } from 'node:fs';
import { link, mkdir, open, readFile, stat, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { cryptoSuite, suiteOf } from '#platform';

const secretBytes = 32;
const idBytes = 16;
const sealedBytes = secretBytes + cryptoSuite.overhead;
/** id ‖ the key, sealed by the master key with the id as context. */
const recordBytes = idBytes + sealedBytes;

/**
 * The keys of one scope in an append-only file of sealed records beside a master key. Several processes read it;
 * who appends holds a lock of the caller's. A record that a crash cut short was never used, and is cut off by the
 * next append.
 */
export class KeyFile {
  private readonly keys = new Map<string, Buffer>();
  private read = 0;
  private master: Buffer;

  private constructor(private readonly path: string) {}

  static async open(folder: string, scope: string): Promise<KeyFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = new KeyFile(join(folder, `${scope}.keys`));
    file.master = await readSecret(join(folder, `${scope}.master`), secretBytes);
    await file.catchUp();
    return file;
  }

  get(id: string): Buffer | undefined {
    return this.keys.get(id);
  }

  /** Reads what other processes have appended. */
  async catchUp(): Promise<void> {
    const size = await stat(this.path).then(
      ({ size }) => size,
      () => 0,
    );
    if (size < this.read + recordBytes) return;
    const handle = await open(this.path, 'r');
    try {
      await this.load(handle, size);
    } finally {
      await handle.close();
    }
  }

  /** Makes the keys that do not exist and returns once they are on the disk. The caller holds the lock. */
  async create(ids: string[]): Promise<void> {
    await this.catchUp();
    const missing = ids.filter((id) => !this.keys.has(id));
    if (missing.length === 0) return;
    const records = missing.map((id) => {
      const idBuffer = Buffer.from(id.replaceAll('-', ''), 'hex');
      return Buffer.concat([idBuffer, cryptoSuite.seal(this.master, randomBytes(secretBytes), idBuffer)]);
    });
    const handle = await open(this.path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      // Whoever reads along may move on to the new end before this does.
      const end = this.read;
      await handle.truncate(end);
      await handle.write(Buffer.concat(records), 0, undefined, end);
      await handle.sync();
      await this.load(handle, end + records.length * recordBytes);
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(this.path));
  }

  private async load(handle: FileHandle, size: number): Promise<void> {
    const from = this.read;
    const whole = Math.floor((size - from) / recordBytes) * recordBytes;
    if (whole <= 0) return;
    const bytes = Buffer.alloc(whole);
    await handle.read(bytes, 0, whole, from);
    for (let at = 0; at < whole; at += recordBytes) {
      const id = bytes.subarray(at, at + idBytes);
      const sealed = bytes.subarray(at + idBytes, at + recordBytes);
      this.keys.set(formatKeyId(id), suiteOf(sealed).open(this.master, sealed, id));
    }
    // Several may read the same stretch at once: adding up would count it twice.
    this.read = Math.max(this.read, from + whole);
  }
}

function formatKeyId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Reads a secret of random bytes from a file only the owner can read, making it first where there is none. Processes
 * that start together end up with the same one.
 */
export async function readSecret(path: string, length: number): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(length), { mode: 0o600, flush: true });
  // A link, unlike a rename, fails when somebody else was first.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  await syncFolder(dirname(path));
  return readFile(path);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
