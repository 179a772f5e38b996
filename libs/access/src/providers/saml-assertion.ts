import { X509Certificate } from 'node:crypto';

/** What an assertion must say besides being signed. */
export interface Expected {
  issuer: string;
  /** Address the provider posts to. */
  recipient: string;
  /** The request it answers. */
  inResponseTo: string;
  /** Milliseconds; what ended before is over. */
  now: number;
}

/** An element as it is read from XML: attributes below `$`, text below `_`, children by their names, always as lists. */
type Element = Record<string, unknown>;

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/**
 * Throws for XML with anything but elements, attributes and text: no provider needs document types, comments or
 * instructions, and programs differ in what they read where such things stand.
 */
export function requirePlainXml(xml: string): void {
  if (xml.includes('<!') || /<\?(?!xml )/.test(xml)) {
    throw new Error('the answer holds a document type, a comment or an instruction');
  }
}

/** Throws unless the signed assertion is of this issuer and for this installation and sign-in, and not over. */
export function requireAddressed(
  assertion: unknown,
  { issuer, recipient, inResponseTo, now }: Expected,
): void {
  const said = element(assertion);
  requireThat(textOf(only(said, 'Issuer')) === issuer, 'it is of another issuer');
  const subject = element(only(said, 'Subject'));
  requireThat(textOf(only(subject, 'NameID')) !== '', 'it names nobody');
  const confirmation = element(only(subject, 'SubjectConfirmation'));
  requireThat(attribute(confirmation, 'Method') === bearer, 'its subject is confirmed otherwise');
  const data = element(only(confirmation, 'SubjectConfirmationData'));
  requireThat(attribute(data, 'Recipient') === recipient, 'it is for another recipient');
  requireThat(attribute(data, 'InResponseTo') === inResponseTo, 'it answers another request');
  requireThat(
    Date.parse(attribute(data, 'NotOnOrAfter')) > now,
    'it is over, or says not until when it is good',
  );
  const conditions = element(only(said, 'Conditions'));
  requireThat(list(conditions, 'AudienceRestriction').length > 0, 'it is for nobody in particular');
  requireThat(list(said, 'AuthnStatement').length > 0, 'it does not say that somebody signed in');
}

/** The text of an element, or a text itself, without blanks around it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null) return '';
  const { _: text } = value as Element;
  return typeof text === 'string' ? text.trim() : '';
}

/** Throws, with a sentence for administrators, for what is no certificate, or one that is over. */
export function requireCertificates(certificates: readonly string[], now = new Date()): void {
  for (const text of certificates) {
    const { validTo, subject } = certificateOf(text);
    if (new Date(validTo) < now) throw new Error(`The certificate of ${subject} ended on ${validTo}.`);
  }
}

/** The certificates in the one form that is checked with, whatever text stands around them. */
export const keyInfos = (certificates: readonly string[]): string[] =>
  certificates.map((text) => certificateOf(text).raw.toString('base64'));

/** SHA-256 of each, as providers show them, with room to break the line after four bytes. */
export const fingerprintsOf = (certificates: readonly string[]): string[] =>
  certificates.map((text) => certificateOf(text).fingerprint256.replaceAll(/(.{11}):/g, '$1 '));

/** As PEM, or as metadata of providers has it: base64 alone. */
const certificateOf = (text: string): X509Certificate =>
  new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'));

function requireThat(holds: boolean, fault: string): asserts holds {
  if (!holds) throw new Error(`the assertion is refused: ${fault}`);
}

function element(value: unknown): Element {
  requireThat(typeof value === 'object' && value !== null, 'it is incomplete');
  return value as Element;
}

function list(parent: Element, name: string): unknown[] {
  const children = parent[name];
  return Array.isArray(children) ? children : [];
}

function only(parent: Element, name: string): unknown {
  const children = list(parent, name);
  requireThat(children.length === 1, `it has ${children.length} of ${name}`);
  return children[0];
}

function attribute(parent: Element, name: string): string {
  const attributes = parent['$'];
  if (typeof attributes !== 'object' || attributes === null) return '';
  const value = (attributes as Element)[name];
  return typeof value === 'string' ? value : '';
}
