import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inflateRawSync } from 'node:zlib';
import { Http, type Answer } from '#client';
import { apiBase, newId } from '#contracts';
import { SamlProvider, World, type Account, type SamlAnswer } from '#testing';
import { Browser } from './cookie-browser.js';

const idp = new SamlProvider();
const device = { name: 'browser', platform: 'node' as const };
let world: World;
let http: Http;
let system: Http;
let security: Http;
let employees: Account[];
let provider: Answer<'addIdentityProvider'>;
let here: string;

beforeAll(async () => {
  world = await World.start();
  here = `http://localhost:${world.port}`;
  http = new Http(world.address);
  system = await world.administrator('system-admin');
  security = await world.administrator('security-admin');
  employees = (await world.accounts()).filter(({ role }) => role === 'employee');
  const settings = {
    saml: { signInUrl: 'https://idp.example.gov/sso', certificates: [idp.certificate] },
    issuer: 'urn:idp:example',
    client: 'urn:chancery:example',
    scopes: [],
    match: { claim: 'uid', attribute: 'username' as const },
  };
  provider = await system.call('addIdentityProvider', {
    body: { clientId: newId(), name: 'SAML', settings },
  });
}, 60_000);
afterAll(() => world?.stop(), 30_000);

const begins = async (browser: Browser) => {
  const answer = await browser.get(`${here}${apiBase}/auth/providers/${provider.id}/begin`);
  const sent = new URL(answer.headers.get('location')!, here);
  const request = sent.searchParams.get('SAMLRequest');
  const xml = request === null ? '' : inflateRawSync(Buffer.from(request, 'base64')).toString();
  return {
    sent,
    relayState: sent.searchParams.get('RelayState') ?? '',
    requestId: / ID="([^"]+)"/.exec(xml)?.[1] ?? '',
  };
};
const answering = (requestId: string, part: Partial<SamlAnswer> = {}) =>
  idp.sign(
    SamlProvider.response({
      issuer: 'urn:idp:example',
      audience: 'urn:chancery:example',
      recipient: provider.redirectUri,
      inResponseTo: requestId,
      nameId: 'alice@idp',
      ...part,
    }),
  );
/** As the page of the provider lets a browser post it: without any cookie of ours. */
const posts = async (xml: string, RelayState: string) => {
  const answer = await fetch(`${here}${apiBase}/auth/saml`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState }),
  });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location')!, here);
};
const leads = async (browser: Browser, address: URL) =>
  (await browser.get(address.href)).headers.get('location');
async function comesIn(browser: Browser) {
  const answer = await fetch(`${here}${apiBase}/auth/provider-sign-in`, {
    method: 'POST',
    headers: { cookie: browser.cookie(new URL(here).host), 'content-type': 'application/json' },
    body: JSON.stringify({ device }),
  });
  return (await answer.json()) as { user?: { username: string }; error?: { code: string } };
}
const refusedAs = (code: string) => `/#sign-in-refused=${code}`;
const hashOf = ({ pathname, hash }: URL) => pathname + hash;

it('a provider is of use once a second administrator has approved its address and certificates', async () => {
  expect(provider.redirectUri).toBe(`${here}${apiBase}/auth/saml`);
  const metadata = await fetch(provider.metadataAddress!);
  expect(metadata.headers.get('content-type')).toContain('samlmetadata+xml');
  expect(await metadata.text()).toContain(provider.redirectUri);
  expect((await begins(new Browser())).sent.hash).toBe('#sign-in-refused=provider.not_found');
  const params = { providerId: provider.id };
  expect(await system.call('tryIdentityProvider', { params })).toMatchObject({ usable: true });
  const body = { clientId: newId(), version: provider.version, reason: 'agreed with the ministry' };
  const { approvalId } = await system.call('askProviderActivation', { params, body });
  const { items } = await security.call('approvals', { query: { state: 'asked' } });
  expect(items.find(({ id }) => id === approvalId)!.subject).toMatchObject({
    signInUrl: 'https://idp.example.gov/sso',
    certificates: expect.stringMatching(/^(([0-9A-F]{2}[: ]){4}){7}/),
  });
  await security.call('decide', { params: { approvalId }, body: { clientId: newId(), approve: true } });
  expect((await http.call('signInProviders', {})).items).toEqual([{ id: provider.id, name: 'SAML' }]);
});

it('settings that cannot be used are refused with the field', async () => {
  const change = (saml: { signInUrl: string; certificates: string[] }) =>
    system.call('changeIdentityProvider', {
      params: { providerId: provider.id },
      body: { name: 'SAML', settings: { ...provider.settings, saml }, version: provider.version },
    });
  const { saml } = provider.settings;
  await expect(change({ ...saml!, signInUrl: 'http://idp.example.gov/sso' })).rejects.toMatchObject({
    code: 'provider.invalid',
    details: { field: 'signInUrl' },
  });
  await expect(change({ ...saml!, certificates: ['no certificate'] })).rejects.toMatchObject({
    code: 'provider.invalid',
    details: { field: 'certificates' },
  });
});

it('lets in whom the signed assertion names, found by an attribute first and by issuer and subject from then on', async () => {
  const uid = employees[0]!.username;
  const browser = new Browser();
  const { requestId, relayState } = await begins(browser);
  const back = await posts(answering(requestId, { attributes: { uid } }), relayState);
  expect(await leads(browser, back)).toBe('/#sign-in=provider');
  expect(await comesIn(browser)).toMatchObject({ user: { username: uid } });
  expect(await comesIn(browser)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
  const again = new Browser();
  const second = await begins(again);
  const there = await posts(answering(second.requestId), second.relayState);
  expect(await leads(again, there)).toBe('/#sign-in=provider');
  expect(await comesIn(again)).toMatchObject({ user: { username: uid } });
});

it('takes an answer once, and for the one sign-in it was asked for', async () => {
  const [mine, other] = [new Browser(), new Browser()];
  const [first, second] = [await begins(mine), await begins(other)];
  const xml = answering(first.requestId);
  const elsewhere = await posts(xml, second.relayState);
  expect(hashOf(elsewhere)).toBe(refusedAs('auth.provider_refused'));
  const back = await posts(xml, first.relayState);
  // A replay finds the answer taken.
  expect(hashOf(await posts(xml, first.relayState))).toBe(refusedAs('auth.sign_in_over'));
  expect(hashOf(await posts(answering(newId()), ''))).toBe(refusedAs('auth.sign_in_over'));
  expect(await leads(mine, back)).toBe('/#sign-in=provider');
  expect(await leads(mine, back)).not.toBe('/#sign-in=provider');
});

it('counts in the browser that has begun and that has posted, and in no other', async () => {
  // Somebody lets another one sign in for them: they began, but the answer comes to the other browser.
  const [attacker, victim] = [new Browser(), new Browser()];
  const { requestId, relayState } = await begins(attacker);
  const back = await posts(answering(requestId), relayState);
  expect(await leads(victim, back)).toBe(refusedAs('auth.sign_in_over'));
  const guessed = new URL(back);
  guessed.searchParams.set('answer', 'A'.repeat(43));
  expect(await leads(attacker, guessed)).toBe(refusedAs('auth.provider_refused'));
  expect(await comesIn(attacker)).toMatchObject({ error: { code: 'auth.sign_in_over' } });
});

it('refuses what is not signed and accounts of nobody, and notes both', async () => {
  const browser = new Browser();
  const { requestId, relayState } = await begins(browser);
  const unsigned = answering(requestId).replace(/<Signature.*<\/Signature>/s, '');
  expect(hashOf(await posts(unsigned, relayState))).toBe(refusedAs('auth.provider_refused'));
  // What was refused does not use up the sign-in.
  const back = await posts(answering(requestId, { nameId: 'stranger' }), relayState);
  expect(await leads(browser, back)).toBe(refusedAs('auth.identity_unknown'));
  const auditor = await world.administrator('audit-admin');
  const { items } = await auditor.call('trail', { query: { action: 'session.refused', limit: 2 } });
  expect(items.map(({ details }) => details)).toMatchObject([
    { code: 'auth.identity_unknown', issuer: 'urn:idp:example', subject: 'stranger' },
    { code: 'auth.provider_refused', provider: 'SAML' },
  ]);
});
