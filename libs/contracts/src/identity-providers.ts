import { z } from 'zod';
import { Login, SignedIn } from './access.js';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { pageOf } from './page.js';

/** What a claim of a provider may be matched with, to find the person an account belongs to. */
export const matchable = ['username', 'staffNumber', 'email'] as const;

const webAddress = z.url({ protocol: /^https?$/ }).max(512);

export const SamlSettings = z
  .object({
    signInUrl: webAddress.describe(
      'Where browsers are sent to sign in (HTTP redirect binding); https, or http on this machine only',
    ),
    certificates: z
      .array(z.string().trim().min(1).max(16_384))
      .min(1)
      .max(5)
      .describe('Certificates of what it may sign with, as PEM; several while it changes them'),
  })
  .meta({ id: 'SamlSettings', description: 'How a provider of SAML 2.0 is reached and known' });

export const IdentityProviderSettings = z.object({
  saml: SamlSettings.nullable()
    .default(null)
    .describe('Of a provider of SAML 2.0; null of one of OpenID Connect'),
  issuer: z
    .string()
    .trim()
    .min(1)
    .max(512)
    .describe(
      'Issuer of OpenID Connect, as its discovery document says, by https, or by http on this machine only; of SAML the entity id',
    ),
  client: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .describe('Client id of this installation at the provider; of SAML our entity id'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/))
    .max(20)
    .describe('Scopes asked for besides openid'),
  match: z
    .object({
      claim: z.string().trim().min(1).max(256).describe('Claim of the ID token; of SAML an attribute'),
      attribute: z.enum(matchable).describe('What of a person it must be, alone among all people'),
    })
    .nullable()
    .describe(
      'A claim that is trusted to say whose an account is, when it signs in for the first time; null: an administrator links accounts',
    ),
});
export type IdentityProviderSettings = z.infer<typeof IdentityProviderSettings>;

export const IdentityProvider = z
  .object({
    id: Id.describe('Provider id'),
    name: z.string().describe('As the button says'),
    active: z.boolean().describe('Whether people may sign in with it'),
    settings: IdentityProviderSettings.describe('How it is reached, and whom its accounts belong to'),
    version: z.number().int().describe('Number of the version, from 1'),
    people: z.number().int().describe('People who are linked to it'),
    redirectUri: z.string().describe('Address to be registered with the provider'),
    metadataAddress: z.string().nullable().describe('Where our metadata is read, of SAML'),
  })
  .meta({
    id: 'IdentityProvider',
    description: 'A provider of OpenID Connect or SAML 2.0 that people sign in with',
  });
export type IdentityProvider = z.infer<typeof IdentityProvider>;

export const LinkedIdentity = z
  .object({
    providerId: Id.describe('Provider id'),
    provider: z.string().describe('Name of the provider'),
    issuer: z.string().describe('Issuer'),
    subject: z.string().describe('Subject: whom the issuer means'),
    linkedBy: z.enum(['claim', 'administrator']).describe('What linked it'),
    linkedAt: Time.describe('When'),
  })
  .meta({ id: 'LinkedIdentity', description: 'An account of a provider that belongs to a person' });
export type LinkedIdentity = z.infer<typeof LinkedIdentity>;

export const ProviderTrial = z
  .object({
    usable: z.boolean().describe('Whether people could be sent there'),
    fault: z.string().nullable().describe('What is wrong, in a sentence for administrators'),
    endpoints: z.array(z.string()).describe('Addresses that its discovery document names'),
  })
  .meta({ id: 'ProviderTrial', description: 'What a look at a provider found' });
export type ProviderTrial = z.infer<typeof ProviderTrial>;

const ofProvider = z.object({ providerId: PathId.describe('Provider id') });
const ofPerson = z.object({ personId: PathId.describe('Person id') });
const name = z.string().trim().min(1).max(60).describe('As the button says');
const secret = z.string().min(1).max(1024).describe('Client secret; kept sealed, never shown');
const reason = z.string().trim().min(5).max(1000).describe('Why, for the approver and the trail');
const settings = IdentityProviderSettings.describe('How it is reached, and whom its accounts belong to');

export const identityProvidersApi = {
  signInProviders: endpoint({
    id: 'signInProviders',
    area: 'access',
    method: 'GET',
    path: '/auth/providers',
    summary: 'Providers that people may sign in with; always one page',
    callers: ['anyone'],
    answers: {
      200: pageOf(
        z.object({ id: Id.describe('Provider id'), name: z.string().describe('As the button says') }),
      ),
    },
  }),
  beginProviderSignIn: endpoint({
    id: 'beginProviderSignIn',
    area: 'access',
    method: 'GET',
    limit: 'sign-in',
    path: '/auth/providers/:providerId/begin',
    summary: 'Sends a browser to a provider; to be opened, not fetched',
    callers: ['anyone'],
    params: ofProvider,
    answers: { 302: 'To the provider, or back to the client with #sign-in-refused=CODE' },
    errors: ['rate.limited'],
  }),
  providerCallback: endpoint({
    id: 'providerCallback',
    area: 'access',
    method: 'GET',
    limit: 'sign-in',
    path: '/auth/callback',
    summary: 'Where a provider sends a browser back to',
    callers: ['anyone'],
    answers: { 302: 'To the client, with #sign-in=provider or #sign-in-refused=CODE' },
    errors: ['rate.limited'],
  }),
  samlAnswer: endpoint({
    id: 'samlAnswer',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/saml',
    summary: 'Where a provider of SAML lets a browser post its answer to',
    callers: ['anyone'],
    formBytes: 256 * 1024,
    body: z.object({
      SAMLResponse: z.string().min(1).describe('The answer, base64'),
      RelayState: z.string().max(80).optional().describe('The sign-in it belongs to'),
    }),
    answers: { 303: 'On to the callback, or to the client with #sign-in-refused=CODE' },
    errors: ['rate.limited'],
  }),
  samlMetadata: endpoint({
    id: 'samlMetadata',
    area: 'access',
    method: 'GET',
    path: '/auth/providers/:providerId/metadata',
    summary: 'What a provider of SAML needs to know of this installation, as XML',
    callers: ['anyone'],
    params: ofProvider,
    answers: { 200: 'The metadata' },
    errors: ['provider.not_found'],
  }),
  finishProviderSignIn: endpoint({
    id: 'finishProviderSignIn',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/provider-sign-in',
    summary: 'Begin a session in the browser that came back from a provider',
    callers: ['anyone'],
    body: z.object({ device: Login.shape.device }),
    answers: { 200: SignedIn },
    errors: [
      'auth.sign_in_over',
      'auth.account_disabled',
      'auth.second_factor_required',
      'auth.too_many_devices',
      'rate.limited',
    ],
  }),
  identityProviders: endpoint({
    id: 'identityProviders',
    area: 'administration',
    method: 'GET',
    path: '/admin/providers',
    summary: 'Identity providers by their names; always one page',
    callers: ['system-admin', 'security-admin'],
    answers: { 200: pageOf(IdentityProvider) },
  }),
  addIdentityProvider: endpoint({
    id: 'addIdentityProvider',
    area: 'administration',
    method: 'POST',
    path: '/admin/providers',
    summary: 'Add an identity provider; nobody can sign in with it until it is made active',
    callers: ['system-admin'],
    needsProof: true,
    body: z.object({ clientId: ClientId, name, settings, secret: secret.optional() }),
    answers: { 201: IdentityProvider },
    errors: ['provider.name_taken', 'provider.invalid', 'provider.too_many'],
  }),
  changeIdentityProvider: endpoint({
    id: 'changeIdentityProvider',
    area: 'administration',
    method: 'PUT',
    path: '/admin/providers/:providerId',
    summary: 'Change an identity provider; nobody can sign in with it until it is approved again',
    callers: ['system-admin'],
    needsProof: true,
    params: ofProvider,
    body: z.object({
      version: z.number().int().describe('The version this was decided on'),
      name,
      settings,
      secret: secret.optional(),
    }),
    answers: { 200: IdentityProvider },
    errors: ['provider.not_found', 'provider.name_taken', 'provider.invalid', 'provider.changed_meanwhile'],
  }),
  askProviderActivation: endpoint({
    id: 'askProviderActivation',
    area: 'administration',
    method: 'POST',
    path: '/admin/providers/:providerId/activation',
    summary: 'Ask that people may sign in with a provider as it is set up now; another administrator decides',
    callers: ['system-admin'],
    needsProof: true,
    params: ofProvider,
    body: z.object({
      clientId: ClientId,
      version: z.number().int().describe('The version asked for'),
      reason,
    }),
    answers: { 202: z.object({ approvalId: Id.describe('The request another administrator decides') }) },
    errors: ['provider.not_found', 'provider.changed_meanwhile', 'client_id_reused'],
  }),
  pauseIdentityProvider: endpoint({
    id: 'pauseIdentityProvider',
    area: 'administration',
    method: 'POST',
    path: '/admin/providers/:providerId/pause',
    summary: 'Let nobody sign in with a provider any more; sessions go on',
    callers: ['system-admin', 'security-admin'],
    params: ofProvider,
    body: z.object({ clientId: ClientId }),
    answers: { 200: IdentityProvider },
    errors: ['provider.not_found'],
  }),
  tryIdentityProvider: endpoint({
    id: 'tryIdentityProvider',
    area: 'administration',
    method: 'POST',
    path: '/admin/providers/:providerId/try',
    summary: 'Look whether a provider answers as its settings say',
    callers: ['system-admin'],
    params: ofProvider,
    answers: { 200: ProviderTrial },
    errors: ['provider.not_found'],
  }),
  personIdentities: endpoint({
    id: 'personIdentities',
    area: 'administration',
    method: 'GET',
    path: '/admin/people/:personId/identities',
    summary: 'Accounts of providers that belong to a person; always one page',
    callers: ['system-admin'],
    params: ofPerson,
    answers: { 200: pageOf(LinkedIdentity) },
    errors: ['person.not_found'],
  }),
  linkIdentity: endpoint({
    id: 'linkIdentity',
    area: 'administration',
    method: 'POST',
    path: '/admin/people/:personId/identities',
    summary: 'Ask that an account of a provider is taken for a person; another administrator decides',
    callers: ['system-admin'],
    needsProof: true,
    params: ofPerson,
    body: z.object({
      clientId: ClientId,
      providerId: Id.describe('Provider id'),
      subject: z.string().trim().min(1).max(255).describe('Subject, as the provider and the trail tell it'),
      reason,
    }),
    answers: { 202: z.object({ approvalId: Id.describe('The request another administrator decides') }) },
    errors: ['person.not_found', 'provider.not_found', 'provider.identity_taken', 'client_id_reused'],
  }),
  unlinkIdentity: endpoint({
    id: 'unlinkIdentity',
    area: 'administration',
    method: 'DELETE',
    path: '/admin/people/:personId/identities/:providerId',
    summary: 'Take the account of a provider from a person, and end their sessions',
    callers: ['system-admin'],
    needsProof: true,
    params: ofPerson.extend({ providerId: PathId.describe('Provider id') }),
    answers: { 204: 'It is not linked, now or before' },
    errors: ['person.not_found'],
  }),
};
