import { z } from 'zod';
import { Id, Time } from './ids.js';

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
