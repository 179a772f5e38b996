import { describe, expect, it } from '@jest/globals';
import { newId } from '#contracts';
import type { Settings } from '#platform';
import { SamlProvider, type SamlAnswer } from '#testing';
import { BrowserSecret } from './browser-secret.js';
import type { IdentityProviderRow } from './identity-provider.entity.js';
import { Saml } from './saml.service.js';

const idp = new SamlProvider();
const stranger = new SamlProvider('saml-stranger');
const saml = new Saml({ PUBLIC_URL: 'https://chat.example.gov', PORT: 3000 } as Settings);
const provider = {
  id: newId(),
  name: 'Ministry',
  settings: {
    issuer: 'https://idp.example.gov/entity',
    client: 'https://chat.example.gov/saml',
    scopes: [],
    match: null,
    saml: { signInUrl: 'https://idp.example.gov/sso', certificates: [idp.certificate] },
  },
} as unknown as IdentityProviderRow;
const signInId = newId();
const answer: SamlAnswer = {
  issuer: provider.settings.issuer,
  audience: provider.settings.client,
  recipient: 'https://chat.example.gov/api/v1/auth/saml',
  inResponseTo: `_${signInId}`,
  nameId: 'alice',
  attributes: { uid: 'alice01' },
};
const mallory: SamlAnswer = {
  ...answer,
  nameId: 'mallory',
  assertionId: '_evil',
  responseId: '_evil_response',
};

const encoded = (xml: string) => Buffer.from(xml, 'utf8').toString('base64');
const claimsOf = (xml: string) => saml.claimsOf(provider, signInId, encoded(xml));
const signed = (changes: Partial<SamlAnswer> = {}) =>
  idp.sign(SamlProvider.response({ ...answer, ...changes }));

describe('an answer of SAML', () => {
  it('says whose the account is, where its assertion is signed', async () => {
    expect(await claimsOf(signed())).toEqual({
      issuer: answer.issuer,
      subject: 'alice',
      all: { uid: 'alice01' },
    });
  });

  it('is taken with both signed, and from a provider that is changing its certificate', async () => {
    const both = idp.sign(signed(), 'Response');
    expect(await claimsOf(both)).toMatchObject({ subject: 'alice' });
    const { saml: settings } = provider.settings;
    const certificates = [stranger.certificate, ...settings!.certificates];
    const changing = {
      ...provider,
      settings: { ...provider.settings, saml: { ...settings!, certificates } },
    };
    const claims = await saml.claimsOf(changing, signInId, encoded(signed()));
    expect(claims).toMatchObject({ subject: 'alice' });
  });

  it.each<[string, Partial<SamlAnswer>]>([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['for another audience', { audience: 'https://other.example.gov' }],
    ['for any audience', { audience: null }],
    ['for another recipient', { recipient: 'https://other.example.gov/api/v1/auth/saml' }],
    ['to another request', { inResponseTo: `_${newId()}` }],
    ['to no request', { inResponseTo: '' }],
    ['that is over', { notOnOrAfter: new Date(Date.now() - 120_000) }],
    ['that is not good yet', { notBefore: new Date(Date.now() + 120_000) }],
    ['that was given long ago', { issuedAt: new Date(Date.now() - 3_600_000) }],
    ['about nobody', { nameId: '' }],
  ])('is refused %s', async (_what, changes) => {
    await expect(claimsOf(signed(changes))).rejects.toThrow();
  });

  it('is refused without a signature, and with one of somebody else', async () => {
    const plain = SamlProvider.response(answer);
    await expect(claimsOf(plain)).rejects.toThrow('signature');
    await expect(claimsOf(stranger.sign(plain))).rejects.toThrow('signature');
    // Whoever brings the certificate along is believed no more for it.
    const certificate = stranger.certificate.replaceAll(/-----.*-----|\s/g, '');
    const info = `<KeyInfo><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo>`;
    const brought = stranger.sign(plain).replace('</SignatureValue>', `</SignatureValue>${info}`);
    await expect(claimsOf(brought)).rejects.toThrow('signature');
    // The signature of the whole does not stand in for the assertion's.
    await expect(claimsOf(idp.sign(plain, 'Response'))).rejects.toThrow('signature');
  });

  it('is refused where a letter of it was changed', async () => {
    await expect(claimsOf(signed().replace('>alice<', '>alicf<'))).rejects.toThrow('signature');
    await expect(claimsOf(signed().replace('alice01', 'admin01'))).rejects.toThrow('signature');
  });

  it('is refused with comments, document types and instructions, which programs read differently', async () => {
    const split = signed({ nameId: 'alice<!-- -->.evil' });
    const late = signed({ nameId: 'alice.evil' }).replace('alice.evil', 'alice<!-- -->.evil');
    const entity = signed().replace('<samlp:Response', '<!DOCTYPE x [<!ENTITY e "mallory">]><samlp:Response');
    const instruction = signed().replace('>alice<', '>alice<?x y?><');
    for (const xml of [split, late, entity, instruction]) {
      await expect(claimsOf(xml)).rejects.toThrow('document type, a comment or an instruction');
    }
  });

  it('is refused in every form of wrapping a signature around something else', async () => {
    for (const [name, xml] of Object.entries(wrapped())) {
      const outcome = await claimsOf(xml).then(
        ({ subject }) => `${name} came in as ${subject}`,
        () => 'refused',
      );
      expect(outcome).toBe('refused');
    }
  });
});

/** The eight ways of "On Breaking SAML" (XSW1 to XSW8), and two signed assertions at once. */
function wrapped(): Record<string, string> {
  const forged = SamlProvider.assertion(mallory);
  const ofResponse = idp.sign(SamlProvider.response(answer), 'Response');
  const signature = cut(ofResponse, 'Signature');
  const bare = ofResponse.replace(signature, '');
  const evilResponse = (inner: string) =>
    SamlProvider.response(mallory).replace('</samlp:Response>', `${inner}</samlp:Response>`);
  const within = (outer: string, inner: string) =>
    outer.replace('</Signature>', `<Object>${inner}</Object></Signature>`);

  const genuine = cut(signed(), 'saml:Assertion');
  const mark = cut(genuine, 'Signature');
  const unsigned = genuine.replace(mark, '');
  const inEvil = (inner: string) => forged.replace('</saml:Issuer>', `</saml:Issuer>${inner}`);
  const around = (assertions: string) => SamlProvider.response(answer, assertions);
  return {
    xsw1: evilResponse(within(signature, bare)),
    xsw2: evilResponse(`${bare}${signature}`),
    xsw3: around(forged + genuine),
    xsw4: around(inEvil(genuine)),
    xsw5: around(inEvil(mark) + unsigned),
    xsw6: around(inEvil(within(mark, unsigned))),
    xsw7: around(`<samlp:Extensions>${forged}</samlp:Extensions>${genuine}`).replace('_evil', '_assertion'),
    xsw8: around(inEvil(mark.replace('</Signature>', `<Object>${unsigned}</Object></Signature>`))),
    sameId: around(forged.replace('_evil', '_assertion') + genuine),
    nested: around(inEvil(`<saml:Advice>${genuine}</saml:Advice>`)),
    two: around(genuine + cut(idp.sign(SamlProvider.response(mallory)), 'saml:Assertion')),
  };
}

/** An element as it stands in XML. */
function cut(xml: string, name: string): string {
  const found = new RegExp(`<${name}[ >].*</${name}>`, 's').exec(xml);
  if (!found) throw new Error(`there is no ${name}`);
  return found[0];
}

describe('a sign-in by SAML', () => {
  it('sends the browser with a request that only its own answer answers', async () => {
    const address = await saml.addressFor(provider, BrowserSecret.draw(signInId));
    expect(address.origin + address.pathname).toBe('https://idp.example.gov/sso');
    expect(address.searchParams.get('RelayState')).toBe(signInId);
    expect(address.searchParams.get('SAMLRequest')).toBeTruthy();
  });

  it('is described to the provider as metadata', async () => {
    const metadata = await saml.metadata(provider);
    expect(metadata).toContain('entityID="https://chat.example.gov/saml"');
    expect(metadata).toContain('Location="https://chat.example.gov/api/v1/auth/saml"');
    expect(metadata).toContain('WantAssertionsSigned="true"');
  });
});
