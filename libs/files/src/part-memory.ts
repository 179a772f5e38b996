import { sealedSize } from '#blobs';
import { partBytes } from './file.js';

const sealedPartBytes = sealedSize(partBytes);

/**
 * Memory of parts that are stored, for those that come: getting it anew from the system for each costs as much as
 * sealing, and what was given up is counted until somebody collects it.
 */
export class PartMemory {
  private readonly free: Buffer[] = [];

  /** @param most parts whose memory is kept */
  constructor(private readonly most: number) {}

  /** @param bytes plain bytes of the part; only whole ones are kept */
  take(bytes: number): Buffer | undefined {
    return bytes === partBytes ? this.free.pop() : undefined;
  }

  /** Only where nobody reads it any more. */
  giveBack(memory: Buffer): void {
    if (memory.length === sealedPartBytes && this.free.length < this.most) this.free.push(memory);
  }
}
