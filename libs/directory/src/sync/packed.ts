import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Items of a page: what is unpacked at a time. */
const itemsOfPage = 1000;
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** As long as a directory is large. */
export interface LongList<T> extends Iterable<T> {
  readonly length: number;
}

/**
 * A list that may be as long as a directory is large, in little memory: pages of it as compressed JSON, of which one is
 * unpacked at a time.
 */
export class Packed<T> implements LongList<T> {
  private readonly pages: Buffer[] = [];
  private last: T[] = [];

  static of<T>(items: Iterable<T>): Packed<T> {
    const packed = new Packed<T>();
    for (const item of items) packed.push(item);
    return packed;
  }

  get length(): number {
    return this.pages.length * itemsOfPage + this.last.length;
  }

  push(item: T): void {
    this.last.push(item);
    if (this.last.length < itemsOfPage) return;
    this.pages.push(zstdCompressSync(JSON.stringify(this.last), { params }));
    this.last = [];
  }

  /** Pages in their order, each the JSON of an array. */
  *jsonPages(): Generator<string> {
    for (const page of this.pages) yield zstdDecompressSync(page).toString();
    if (this.last.length > 0) yield JSON.stringify(this.last);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const page of this.pages) yield* JSON.parse(zstdDecompressSync(page).toString()) as T[];
    yield* this.last;
  }
}
