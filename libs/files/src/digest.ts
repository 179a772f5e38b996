import { createHash, type Hash } from 'node:crypto';
import { kindOf, type ContentKind } from './content-kind.js';
import { partBytes } from './file.js';

/** What is known of the first bytes of a file: their digest, and by the first part what kind of file it is. */
export class Digest {
  private head: Buffer[] = [];

  private constructor(
    private readonly hash: Hash,
    public at: number,
    private known: ContentKind | undefined,
  ) {}

  static begin(): Digest {
    return new Digest(createHash('sha256'), 0, undefined);
  }

  /** Keeps nothing of the bytes themselves. */
  update(bytes: Buffer): void {
    this.hash.update(bytes);
    if (this.at < partBytes && !this.known) this.head.push(Buffer.from(bytes));
    this.at += bytes.length;
  }

  /** Judged when it is first asked for, by what came up to then. */
  async kind(): Promise<ContentKind> {
    this.known ??= await kindOf(Buffer.concat(this.head));
    this.head = [];
    return this.known;
  }

  sha256(): Buffer {
    return this.hash.copy().digest();
  }

  /** As it is now, whatever becomes of this one. The kind is known by then. */
  copy(): Digest {
    return new Digest(this.hash.copy(), this.at, this.known);
  }
}
