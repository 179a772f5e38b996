import { DecodedFilter, decodeFilter } from './filter-decoder.js';
import { type BerReader, LDAPMessage, SearchRequestMessage } from './ldap-wire.js';

const { parse } = LDAPMessage;

/**
 * Has ldapjs read what clients really send. Its own reader turns every filter into text and back, which loses what is not
 * ASCII (`(cn=*张*)` finds nobody, 𬭎 becomes four other letters) and hangs up on an empty value; and a message that ends
 * too early keeps it reading the same byte for ever, which would leave a process no parent can end.
 */
export function readMessagesFaithfully(): void {
  LDAPMessage.parse = (ber) => parse.call(LDAPMessage, strict(ber));
  SearchRequestMessage.parseToPojo = (ber) => ({
    protocolOp: ber.readSequence(),
    baseObject: ber.readString(),
    scope: ber.readEnumeration(),
    derefAliases: ber.readEnumeration(),
    sizeLimit: ber.readInt(),
    timeLimit: ber.readInt(),
    typesOnly: ber.readBoolean(),
    filter: new DecodedFilter(decodeFilter(ber.readRawBuffer(ber.peek()))),
    attributes: readAttributes(ber),
  });
}

/** Lets no element reach beyond the message: whatever is read then either moves on or fails. */
function strict(ber: BerReader): BerReader {
  const readLength = ber.readLength.bind(ber);
  ber.readLength = (offset) => {
    const start = readLength(offset);
    if (start === null || ber.length < 0 || start + ber.length > ber.buffer.length) {
      throw new Error('The message ends too early.');
    }
    return start;
  };
  return ber;
}

function readAttributes(ber: BerReader): string[] {
  const attributes: string[] = [];
  ber.readSequence();
  const end = ber.offset + ber.length;
  while (ber.offset < end) attributes.push(ber.readString());
  return attributes;
}
