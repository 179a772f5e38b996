import { createHash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../../../test/fixtures');
const minuteMs = 60_000;
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const signatures = 'http://www.w3.org/2000/09/xmldsig#';

/** What an answer says; each part can be made wrong. */
export interface SamlAnswer {
  issuer: string;
  audience: string | null;
  recipient: string;
  inResponseTo: string;
  nameId: string;
  /** Attributes by name. */
  attributes?: Record<string, string>;
  notBefore?: Date;
  notOnOrAfter?: Date;
  /** Of when the assertion says it is. */
  issuedAt?: Date;
  assertionId?: string;
  responseId?: string;
}

/** A provider of SAML 2.0 that answers whatever it is told to, signed with a key of its own. */
export class SamlProvider {
  readonly certificate: string;
  private readonly key: string;

  /** @param name `saml-provider` is the one that tests trust; `saml-stranger` is not */
  constructor(name: 'saml-provider' | 'saml-stranger' = 'saml-provider') {
    const pem = readFileSync(join(fixtures, `${name}.pem`), 'utf8');
    this.key = pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE'));
    this.certificate = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'));
  }

  /** @param part what of the answer is signed; what is written here is in its canonical form already */
  sign(xml: string, part: 'Assertion' | 'Response' = 'Assertion'): string {
    const element = new RegExp(`<samlp?:${part} .*</samlp?:${part}>`, 's').exec(xml)![0];
    const id = / ID="([^"]*)"/.exec(element)![1]!;
    const digest = createHash('sha256').update(element).digest('base64');
    const signedInfo =
      `<CanonicalizationMethod Algorithm="${exclusive}"></CanonicalizationMethod>` +
      `<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>` +
      `<Reference URI="#${id}"><Transforms><Transform Algorithm="${signatures}enveloped-signature"></Transform>` +
      `<Transform Algorithm="${exclusive}"></Transform></Transforms>` +
      `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>` +
      `<DigestValue>${digest}</DigestValue></Reference></SignedInfo>`;
    const value = sign('sha256', Buffer.from(`<SignedInfo xmlns="${signatures}">${signedInfo}`), this.key);
    const signature =
      `<Signature xmlns="${signatures}"><SignedInfo>${signedInfo}` +
      `<SignatureValue>${value.toString('base64')}</SignatureValue></Signature>`;
    // It stands behind the issuer of what is signed.
    return xml.replace(element, element.replace('</saml:Issuer>', `</saml:Issuer>${signature}`));
  }

  static response(answer: SamlAnswer, assertion = SamlProvider.assertion(answer)): string {
    const { issuer, recipient, inResponseTo, responseId = '_response' } = answer;
    return (
      `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${recipient}" ID="${responseId}"` +
      ` InResponseTo="${inResponseTo}" IssueInstant="${new Date().toISOString()}" Version="2.0">` +
      `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</saml:Issuer><samlp:Status>` +
      `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>` +
      `${assertion}</samlp:Response>`
    );
  }

  static assertion(answer: SamlAnswer): string {
    const {
      issuer,
      audience,
      recipient,
      inResponseTo,
      nameId,
      attributes = {},
      assertionId = '_assertion',
    } = answer;
    const until = (answer.notOnOrAfter ?? new Date(Date.now() + 3 * minuteMs)).toISOString();
    const from = (answer.notBefore ?? new Date(Date.now() - minuteMs)).toISOString();
    const at = (answer.issuedAt ?? new Date()).toISOString();
    const audiences =
      audience === null
        ? ''
        : `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`;
    const said = Object.entries(attributes)
      .map(
        ([name, value]) =>
          `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`,
      )
      .join('');
    return (
      `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${assertionId}" IssueInstant="${at}" Version="2.0">` +
      `<saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID>${nameId}</saml:NameID>` +
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
      `<saml:SubjectConfirmationData InResponseTo="${inResponseTo}" NotOnOrAfter="${until}" Recipient="${recipient}">` +
      `</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>` +
      `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}">${audiences}</saml:Conditions>` +
      `<saml:AuthnStatement AuthnInstant="${at}"><saml:AuthnContext><saml:AuthnContextClassRef>` +
      `urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
      `${said === '' ? '' : `<saml:AttributeStatement>${said}</saml:AttributeStatement>`}</saml:Assertion>`
    );
  }
}
