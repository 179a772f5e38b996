/** The filter of a search as it came over the wire; RFC 4511, section 4.5.1.7. */
export type SearchFilter =
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly SearchFilter[] }
  | { readonly kind: 'not'; readonly clause: SearchFilter }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: Comparison; readonly attribute: string; readonly value: string }
  | {
      readonly kind: 'substring';
      readonly attribute: string;
      readonly initial: string;
      readonly middle: readonly string[];
      readonly final: string;
    }
  | { readonly kind: 'extensible' };

export type Comparison = 'equal' | 'atLeast' | 'atMost';

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

const comparisons = new Map<number, Comparison>([
  [0xa3, 'equal'],
  [0xa5, 'atLeast'],
  [0xa6, 'atMost'],
  // No approximate matching is offered, so RFC 4511 has it mean equality.
  [0xa8, 'equal'],
]);

/** Dressed as a filter of ldapjs, which lets nothing else through. */
export class DecodedFilter {
  readonly [Symbol.toStringTag] = 'FilterString';

  constructor(readonly root: SearchFilter) {}

  toString(): string {
    return JSON.stringify(this.root);
  }
}

export function decodeFilter(bytes: Buffer): SearchFilter {
  const [element] = elements(bytes);
  if (!element) throw new Error('There is no filter.');
  return filterOf(element);
}

function filterOf({ tag, content }: Element): SearchFilter {
  const comparison = comparisons.get(tag);
  if (comparison) {
    const [attribute, value] = elements(content);
    return { kind: comparison, attribute: text(attribute), value: text(value) };
  }
  switch (tag) {
    case 0xa0:
      return { kind: 'and', clauses: elements(content).map(filterOf) };
    case 0xa1:
      return { kind: 'or', clauses: elements(content).map(filterOf) };
    case 0xa2:
      return { kind: 'not', clause: decodeFilter(content) };
    case 0xa4:
      return substringOf(elements(content));
    case 0x87:
      return { kind: 'present', attribute: content.toString() };
    case 0xa9:
      return { kind: 'extensible' };
    default:
      throw new Error(`There is no filter with the tag ${tag}.`);
  }
}

function substringOf([attribute, sequence]: readonly Element[]): SearchFilter {
  const parts = sequence ? elements(sequence.content) : [];
  const tagged = (tag: number) => parts.filter((part) => part.tag === tag).map(text);
  return {
    kind: 'substring',
    attribute: text(attribute),
    initial: tagged(0x80)[0] ?? '',
    middle: tagged(0x81),
    final: tagged(0x82)[0] ?? '',
  };
}

function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    if (first === 0x80) throw new Error('The filter has a part of unknown length.');
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    if (start + length > bytes.length) throw new Error('The filter ends too early.');
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function text(element: Element | undefined): string {
  if (!element) throw new Error('The filter lacks a part.');
  return element.content.toString();
}
