import type { Server as NetServer, Socket } from 'node:net';
import ldap from 'ldapjs';
import type { DecodedFilter } from './filter-decoder.js';

/**
 * What ldapjs 3 really hands to a handler. The published types describe version 2, which had other names for half of it
 * (`errorMessage`, which version 3 keeps to itself, is the worst: only `diagnosticMessage` reaches the client).
 */
export interface LdapRdn {
  keys(): Iterable<string>;
  /** Not a string when the client wrote the value as `#` and hexadecimal BER. */
  getValue(name: string): unknown;
}

export interface LdapDn {
  readonly length: number;
  rdnAt(index: number): LdapRdn;
}

/** ldapjs sets `bindDN` to `cn=anonymous` when a connection opens and at an anonymous bind; the rest is up to us. */
export interface LdapSocket extends Socket {
  ldap: { bindDN: LdapDn };
}

export interface LdapControl {
  readonly type: string;
  readonly criticality: boolean;
  readonly value: unknown;
}

export interface PagedResultsValue {
  readonly size: number;
  readonly cookie: Buffer;
}

export interface LdapAttribute {
  readonly type: string;
  readonly values: readonly string[];
}

export interface LdapChange {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly modification: LdapAttribute;
}

export interface LdapRequest {
  readonly messageId: number;
  readonly dn: LdapDn;
  readonly connection: LdapSocket;
  readonly controls: readonly LdapControl[];
}

/** The one request whose DN ldapjs leaves as text. */
export interface BindRequest extends Omit<LdapRequest, 'dn'> {
  readonly dn: string;
  readonly credentials: string;
}

export interface SearchRequest extends LdapRequest {
  /** 0 the base alone, 1 its children, 2 the whole subtree. */
  readonly scope: number;
  readonly sizeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: DecodedFilter;
  readonly attributes: readonly string[];
}

export interface ModifyRequest extends LdapRequest {
  readonly changes: readonly LdapChange[];
}

export interface AddRequest extends LdapRequest {
  readonly attributes: readonly LdapAttribute[];
}

export interface LdapResponse {
  status: number;
  matchedDN: string;
  diagnosticMessage: string;
  readonly connection: LdapSocket;
  /** `controls` is a copy: a control pushed into it is lost. */
  addControl(control: LdapControl): void;
  end(): void;
}

export type Handler<R extends LdapRequest | BindRequest> = (request: R, response: LdapResponse) => void;

export interface LdapServer {
  readonly server: NetServer;
  newConnection(socket: Socket): void;
  on(event: 'error', listener: (error: Error) => void): void;
  bind(suffix: string, handler: Handler<BindRequest>): void;
  search(suffix: string, handler: Handler<SearchRequest>): void;
  modify(suffix: string, handler: Handler<ModifyRequest>): void;
  add(suffix: string, handler: Handler<AddRequest>): void;
  del(suffix: string, handler: Handler<LdapRequest>): void;
  modifyDN(suffix: string, handler: Handler<LdapRequest>): void;
  compare(suffix: string, handler: Handler<LdapRequest>): void;
}

/** The part of ldapjs's reader that reading a message needs. */
export interface BerReader {
  readonly offset: number;
  readonly length: number;
  peek(): number;
  readSequence(): number;
  readString(): string;
  readEnumeration(): number;
  readInt(): number;
  readBoolean(): boolean;
  readRawBuffer(tag: number): Buffer;
  readonly buffer: Buffer;
  /** Where the content of the element at `offset` starts; null when the buffer ends before. */
  readLength(offset?: number): number | null;
}

interface LdapLibrary {
  createServer(options: { connectionRouter: (socket: Socket) => void }): LdapServer;
  parseDN(text: string): LdapDn;
  PagedResultsControl: new (options: { value: PagedResultsValue }) => LdapControl;
  LDAPMessage: { parse: (ber: BerReader) => object };
  SearchRequest: { parseToPojo: (ber: BerReader) => object };
}

const library = ldap as unknown as LdapLibrary;

export const {
  createServer,
  parseDN,
  PagedResultsControl,
  LDAPMessage,
  SearchRequest: SearchRequestMessage,
} = library;

export const pagedResultsType = '1.2.840.113556.1.4.319';

export const resultCode = {
  success: 0,
  sizeLimitExceeded: 4,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  unwillingToPerform: 53,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRdn: 67,
  entryAlreadyExists: 68,
  other: 80,
} as const;

/** An answer other than success, with the sentence the client may show. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly matchedDN = '',
  ) {
    super(message);
  }
}
