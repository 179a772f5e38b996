import { hash } from 'node:crypto';
import { SearchEntry, type Client, type Entry, type MessageParser } from 'ldapts';

const tags = { sequence: 0x30, integer: 0x02, searchEntry: 0x64 };

/** 72 bits. So short a part is a string of its own; of a longer one, V8 keeps the whole. */
const digestLength = 12;

/** Asked for in place of attributes that are bytes: entries of a search stay as they were received. */
export const asReceived: string[] = [];

/** An entry in the bytes the server has sent, read when somebody wants to know what they say. */
export class ReceivedEntry extends SearchEntry {
  /** @param bytes name and attributes, as RFC 4511 §4.5.2 has them */
  constructor(
    messageId: number,
    readonly bytes: Buffer,
  ) {
    super({ messageId });
  }

  get dn(): string {
    const name = partAt(this.bytes, 0);
    return this.bytes.toString('utf8', name.from, name.to);
  }

  /** Short for everything it says. */
  get digest(): string {
    return hash('sha256', this.bytes, 'base64url').slice(0, digestLength);
  }

  override toObject(_requested: string[], byteAttributes: string[]): Entry {
    return byteAttributes === asReceived ? { dn: '', received: this as never } : this.read(byteAttributes);
  }

  /** @param byteAttributes whose values are no text */
  read(byteAttributes: readonly string[]): Entry {
    const { bytes } = this;
    const name = partAt(bytes, 0);
    const entry: Entry = { dn: bytes.toString('utf8', name.from, name.to) };
    const list = partAt(bytes, name.to);
    for (let at = list.from; at < list.to;) {
      const attribute = partAt(bytes, at);
      const type = partAt(bytes, attribute.from);
      const named = bytes.toString('latin1', type.from, type.to);
      const isBytes = byteAttributes.includes(named) || named.endsWith(';binary');
      entry[named] = isBytes ? bytesOf(bytes, type.to) : textsOf(bytes, type.to);
      at = attribute.to;
    }
    return entry;
  }
}

/** What a search that was asked for its entries as received has found. */
export const receivedOf = (entry: Entry): ReceivedEntry => entry['received'] as never;

/**
 * Makes a client read the entries of searches this way: its own makes some thirty objects of each one, most of the time
 * that reading a directory took. Everything else it reads itself.
 */
export function receiveEntries(client: Client): void {
  const parser = client['messageParser'] as MessageParser;
  const readItself = parser.read.bind(parser);
  const messages = new Messages();
  parser.read = (data, details) => {
    for (const message of messages.after(data)) {
      const entry = entryOf(message);
      if (entry) parser.emit('message', entry);
      else readItself(message, details);
    }
  };
}

function entryOf(message: Buffer): ReceivedEntry | undefined {
  if (message[0] !== tags.sequence) return undefined;
  const id = partAt(message, partAt(message, 0).from);
  if (id.tag !== tags.integer || message[id.to] !== tags.searchEntry) return undefined;
  const operation = partAt(message, id.to);
  return new ReceivedEntry(
    message.readUIntBE(id.from, id.to - id.from),
    message.subarray(operation.from, operation.to),
  );
}

/** Cuts what is received into messages. */
class Messages {
  private parts: Buffer[] = [];
  private size = 0;
  /** Bytes that the first message needs at least. */
  private wanted = 2;

  /** Messages that are whole now. What is no message ends up, as it is, with whoever reads messages. */
  *after(data: Buffer): Generator<Buffer> {
    this.parts.push(data);
    this.size += data.length;
    // What is large comes in many parts, and is put together once.
    if (this.size < this.wanted) return;
    const bytes = this.parts.length === 1 ? data : Buffer.concat(this.parts);
    let at = 0;
    for (;;) {
      const end = endOfPart(bytes, at);
      this.wanted = end === undefined ? bytes.length - at + 1 : end - at;
      if (end === undefined || end > bytes.length) break;
      yield bytes.subarray(at, end);
      at = end;
    }
    this.parts = at < bytes.length ? [bytes.subarray(at)] : [];
    this.size = bytes.length - at;
    if (this.size === 0) this.wanted = 2;
  }
}

interface Part {
  tag: number;
  /** Of its content. */
  from: number;
  to: number;
}

/** Where what begins here ends; undefined where that cannot be told yet. */
function endOfPart(bytes: Buffer, at: number): number | undefined {
  const size = bytes[at + 1];
  if (size === undefined) return undefined;
  return bytes.length < at + 2 + lengthBytes(size) ? undefined : partAt(bytes, at).to;
}

const lengthBytes = (size: number) => (size < 0x80 ? 0 : size & 0x7f);

/** One value with its tag and length (X.690 §8.1), of the definite lengths that LDAP has. */
function partAt(bytes: Buffer, at: number): Part {
  const tag = bytes[at]!;
  const size = bytes[at + 1]!;
  const more = lengthBytes(size);
  const from = at + 2 + more;
  let length = more === 0 ? size : 0;
  for (let i = at + 2; i < from; i += 1) length = length * 256 + bytes[i]!;
  const to = from + length;
  return { tag, from, to };
}

function bytesOf(bytes: Buffer, at: number): Buffer | Buffer[] {
  const values: Buffer[] = [];
  for (const { from, to } of valuesAt(bytes, at)) values.push(Buffer.from(bytes.subarray(from, to)));
  return values.length === 1 ? values[0]! : values;
}

function textsOf(bytes: Buffer, at: number): string | string[] {
  const values: string[] = [];
  for (const { from, to } of valuesAt(bytes, at)) values.push(bytes.toString('utf8', from, to));
  return values.length === 1 ? values[0]! : values;
}

function* valuesAt(bytes: Buffer, at: number): Generator<Part> {
  const set = partAt(bytes, at);
  for (let next = set.from; next < set.to;) {
    const value = partAt(bytes, next);
    yield value;
    next = value.to;
  }
}
