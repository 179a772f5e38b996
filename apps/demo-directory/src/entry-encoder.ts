import type { AttributeSelection } from './attribute-selection.js';
import type { Entry, Value } from './entry.js';
import { attributeType } from './schema.js';

const tag = { integer: 0x02, octetString: 0x04, sequence: 0x30, set: 0x31, searchResultEntry: 0x64 } as const;

/**
 * Writes entries as search result messages (RFC 4511, section 4.5.2). ldapjs's own writer copies every value several times,
 * which is most of the time of a large page; this one fills a buffer from its end, where every length is known already.
 */
export class EntryEncoder {
  readonly #writer = new BackwardWriter();

  constructor(
    private readonly messageId: number,
    private readonly selection: AttributeSelection,
    private readonly typesOnly: boolean,
  ) {}

  encode(entry: Entry): Buffer {
    const writer = this.#writer;
    writer.clear();
    for (const key of this.selection.of(entry).reverse()) this.#writeAttribute(entry, key);
    writer.close(tag.sequence, 0);
    writer.value(entry.dn);
    writer.close(tag.searchResultEntry, 0);
    writer.integer(this.messageId);
    writer.close(tag.sequence, 0);
    return writer.written();
  }

  #writeAttribute(entry: Entry, key: string): void {
    const values = entry.read(key);
    if (values.length === 0) return;
    const writer = this.#writer;
    const start = writer.length;
    if (!this.typesOnly) {
      for (let place = values.length - 1; place >= 0; place -= 1) writer.value(values[place] ?? '');
    }
    writer.close(tag.set, start);
    writer.value(attributeType(key)?.name ?? key);
    writer.close(tag.sequence, start);
  }
}

/** BER from back to front: a construction is closed by writing its length and tag in front of what it contains. */
class BackwardWriter {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  written(): Buffer {
    return Buffer.from(this.#buffer.subarray(this.#buffer.length - this.#length));
  }

  value(value: Value): void {
    const start = this.#length;
    const at = this.#reserve(typeof value === 'string' ? Buffer.byteLength(value) : value.length);
    if (typeof value === 'string') this.#buffer.write(value, at);
    else value.copy(this.#buffer, at);
    this.close(tag.octetString, start);
  }

  /** A whole number that is not negative, as message ids are. */
  integer(value: number): void {
    const start = this.#length;
    let rest = value;
    do {
      this.#byte(rest & 0xff);
      rest = Math.floor(rest / 256);
    } while (rest > 0);
    if (this.#first() > 0x7f) this.#byte(0);
    this.close(tag.integer, start);
  }

  /** Makes one construction of everything written since the length was `start`. */
  close(construction: number, start: number): void {
    const size = this.#length - start;
    if (size < 0x80) {
      this.#byte(size);
    } else {
      let rest = size;
      let bytes = 0;
      for (; rest > 0; rest = Math.floor(rest / 256)) {
        this.#byte(rest & 0xff);
        bytes += 1;
      }
      this.#byte(0x80 | bytes);
    }
    this.#byte(construction);
  }

  #first(): number {
    return this.#buffer[this.#buffer.length - this.#length] ?? 0;
  }

  #byte(byte: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = byte;
  }

  /** Makes room in front of what is written and returns where it begins. */
  #reserve(size: number): number {
    const needed = this.#length + size;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, needed));
      this.#buffer.copy(larger, larger.length - this.#length, this.#buffer.length - this.#length);
      this.#buffer = larger;
    }
    this.#length = needed;
    return this.#buffer.length - needed;
  }
}
