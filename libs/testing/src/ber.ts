/** What of BER and LDAP (RFC 4511) the tests need to stand between a client and a directory. */
export const tags = {
  sequence: 0x30,
  integer: 0x02,
  octets: 0x04,
  enumerated: 0x0a,
  bind: 0x60,
  bound: 0x61,
  found: 0x64,
  searched: 0x65,
};

/** Where the value of a BER element begins, and how long it is; undefined where that is not there yet. */
function lengthOf(bytes: Buffer): { start: number; length: number } | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: 2, length: first };
  const octets = first & 0x7f;
  if (bytes.length < 2 + octets) return undefined;
  return { start: 2 + octets, length: bytes.readUIntBE(2, octets) };
}

/** Bytes of the first whole message; undefined where there is none yet. */
export function messageSize(bytes: Buffer): number | undefined {
  const size = lengthOf(bytes);
  return size && bytes.length >= size.start + size.length ? size.start + size.length : undefined;
}

export function value(bytes: Buffer): Buffer {
  const { start, length } = lengthOf(bytes)!;
  return bytes.subarray(start, start + length);
}

/** The elements of a sequence. */
export function parts(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const size = messageSize(rest)!;
    found.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return found;
}

/** Below 64 KiB. */
export function element(tag: number, content: Buffer): Buffer {
  const head =
    content.length < 0x80 ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
