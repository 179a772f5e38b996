import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where a record lies in its file. */
export interface Place {
  offset: number;
  length: number;
}

const newline = 0x0a;
/** Checksum in hexadecimal, and a space. */
const prefixLength = 9;

/**
 * A file of records, one a line, each with its checksum. It grows by whole records or not at all: what a kill has left
 * half written at its end is cut off when it is read again.
 */
export class Journal {
  private constructor(
    private readonly path: string,
    private length: number,
  ) {}

  /** @param onRecord called for each record, in order */
  static async open(path: string, onRecord: (record: unknown, place: Place) => void): Promise<Journal> {
    const file = await open(path, 'a+');
    try {
      const { size } = await file.stat();
      const length = scan(await file.readFile(), onRecord);
      if (length < size) await file.truncate(length);
      if (length < size) await file.datasync();
      // A file that may have been made just now is in its folder for good.
      if (size === 0) await withFile(dirname(path), 'r', (folder) => folder.sync());
      return new Journal(path, length);
    } finally {
      await file.close();
    }
  }

  /** Resolves once the records are on the disk, with their places. */
  async append(records: readonly unknown[]): Promise<Place[]> {
    const { bytes, places } = encode(records, this.length);
    const file = await open(this.path, 'r+');
    try {
      await file.write(bytes, 0, bytes.length, this.length);
      await file.datasync();
      this.length += bytes.length;
      return places;
    } catch (error) {
      await file.truncate(this.length);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Puts other records in the place of all, at one moment. */
  async replace(records: readonly unknown[]): Promise<Place[]> {
    const { bytes, places } = encode(records, 0);
    const next = `${this.path}.next`;
    await withFile(next, 'w', async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(next, this.path);
    await withFile(dirname(this.path), 'r', (folder) => folder.sync());
    this.length = bytes.length;
    return places;
  }

  async read(places: readonly Place[]): Promise<unknown[]> {
    return withFile(this.path, 'r', async (file) => {
      const records: unknown[] = [];
      for (const { offset, length } of places) {
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
        records.push(JSON.parse(buffer.toString('utf8', prefixLength)));
      }
      return records;
    });
  }
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function encode(records: readonly unknown[], from: number): { bytes: Buffer; places: Place[] } {
  const places: Place[] = [];
  const lines = records.map((record) => {
    const text = Buffer.from(JSON.stringify(record), 'utf8');
    const line = Buffer.concat([Buffer.from(`${checksum(text)} `), text, Buffer.of(newline)]);
    const { offset, length } = places.at(-1) ?? { offset: from, length: 0 };
    places.push({ offset: offset + length, length: line.length });
    return line;
  });
  return { bytes: Buffer.concat(lines), places };
}

/** @returns bytes of the whole records at the beginning */
function scan(bytes: Buffer, onRecord: (record: unknown, place: Place) => void): number {
  for (let offset = 0; ;) {
    const end = bytes.indexOf(newline, offset);
    if (end === -1) return offset;
    const text = bytes.subarray(offset + prefixLength, end);
    if (bytes.toString('latin1', offset, offset + prefixLength - 1) !== checksum(text)) return offset;
    onRecord(JSON.parse(text.toString('utf8')), { offset, length: end + 1 - offset });
    offset = end + 1;
  }
}

const checksum = (bytes: Buffer): string => crc32(bytes).toString(16).padStart(8, '0');
