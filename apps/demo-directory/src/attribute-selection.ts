import type { Entry } from './entry.js';
import { attributeKey, attributeType } from './schema.js';

/** Which attributes a search wants to see; RFC 4511, section 4.5.1.8, and RFC 3673 for `+`. */
export class AttributeSelection {
  readonly #named: ReadonlySet<string>;
  readonly #user: boolean;
  readonly #operational: boolean;

  constructor(asked: readonly string[]) {
    this.#named = new Set(asked.map(attributeKey));
    this.#user = asked.length === 0 || this.#named.has('*');
    this.#operational = this.#named.has('+');
  }

  of(entry: Entry): string[] {
    return entry.attributes.filter((key) => this.#includes(key));
  }

  #includes(key: string): boolean {
    if (this.#named.has(key)) return true;
    return attributeType(key)?.operational ? this.#operational : this.#user;
  }
}

/** The root DSE tells everything to whoever asks for anything: clients differ in whether they ask for `*` or `+`. */
export const everything = new AttributeSelection(['*', '+']);
