import { z } from 'zod';
import { SignedIn } from './access.js';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { pageOf } from './page.js';
import { administratorRoles } from './roles.js';

/** How somebody proves who they are besides, or instead of, a password. */
export const ProofKind = z.enum(['totp', 'passkey', 'recovery', 'password']);
export type ProofKind = z.infer<typeof ProofKind>;

export const FactorKind = z
  .enum(['totp', 'passkey'])
  .describe('totp: six digits of an authenticator app; passkey: a key of a device or a security key');
export type FactorKind = z.infer<typeof FactorKind>;

const json = z.record(z.string(), z.unknown());
const passkeyAnswer = json.describe('The answer of the browser to the options, as JSON of WebAuthn');
const totpCode = z
  .string()
  .regex(/^\d{6}$/)
  .describe('Six digits');

const totpProof = z.object({ kind: z.literal('totp').describe('A code of an app'), code: totpCode });
const passkeyProof = z.object({ kind: z.literal('passkey').describe('A passkey'), answer: passkeyAnswer });
const recoveryProof = z.object({
  kind: z.literal('recovery').describe('A recovery code, which is good once'),
  code: z.string().min(8).max(64).describe('The code; case, spaces and hyphens do not matter'),
});
const passwordProof = z.object({
  kind: z.literal('password').describe('The password, where no second factor is set up'),
  password: z.string().max(1024).describe('Password; never stored, never logged'),
});

export const FactorProof = z.discriminatedUnion('kind', [totpProof, passkeyProof, recoveryProof]);
export type FactorProof = z.infer<typeof FactorProof>;
export const FreshProof = z.discriminatedUnion('kind', [
  totpProof,
  passkeyProof,
  recoveryProof,
  passwordProof,
]);
export type FreshProof = z.infer<typeof FreshProof>;
export const NewFactor = z.discriminatedUnion('kind', [totpProof, passkeyProof]);
export type NewFactor = z.infer<typeof NewFactor>;

/** `details` of `auth.second_factor_required`. */
export const SecondFactorDemand = z.object({
  pending: z.string().describe('Continues the sign-in, for five minutes and five attempts'),
  methods: z.array(ProofKind).describe('What the account can prove itself with; empty where enrol is true'),
  enrol: z.boolean().describe('Whether a second factor has to be set up first'),
  passkeyHost: z.string().describe('Host that passkeys belong to'),
});
export type SecondFactorDemand = z.infer<typeof SecondFactorDemand>;

/** `details` of `auth.proof_required`. */
export const ProofDemand = z.object({
  methods: z.array(ProofKind).describe('What the account can prove itself with'),
  passkeyHost: z.string().describe('Host that passkeys belong to'),
});
export type ProofDemand = z.infer<typeof ProofDemand>;

export const Factor = z
  .object({
    id: Id.describe('Factor id'),
    kind: FactorKind,
    name: z.string().describe('As its owner calls it'),
    createdAt: Time.describe('When it was set up'),
    usedAt: Time.nullable().describe('Last use; null: never'),
  })
  .meta({ id: 'Factor', description: 'A second factor of an account' });
export type Factor = z.infer<typeof Factor>;

export const FactorOffer = z
  .object({
    kind: FactorKind,
    secret: z.string().nullable().describe('For an app: the secret in base 32; null for passkeys'),
    uri: z
      .string()
      .nullable()
      .describe('For an app: the same as an otpauth address, to be shown as a QR code'),
    options: json.nullable().describe('For a passkey: options of WebAuthn, as JSON; null for apps'),
  })
  .meta({ id: 'FactorOffer', description: 'What a new factor is made with, within ten minutes' });
export type FactorOffer = z.infer<typeof FactorOffer>;

const recoveryCodes = z.array(z.string()).describe('Codes that are good once each, shown only here');
const pending = z.string().max(128).describe('`details.pending` of the refusal');
const name = z.string().trim().min(1).max(120).describe('What it is called, such as "Phone"');
const newFactor = z.object({ name, factor: NewFactor.describe('The proof that it works') });
const passkeyOptions = z.object({ options: json.describe('Options of WebAuthn, as JSON') });
const own = ['employee', ...administratorRoles] as const;

const proofErrors = ['auth.factor_refused', 'auth.too_many_attempts', 'rate.limited'] as const;
const pendingErrors = ['auth.sign_in_over', 'rate.limited'] as const;
const startErrors = ['auth.account_disabled', 'auth.too_many_devices'] as const;
const enrolErrors = ['factor.unavailable', 'factor.too_many', 'factor.offer_over'] as const;

export const secondFactorsApi = {
  finishSignIn: endpoint({
    id: 'finishSignIn',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/second-factor',
    summary: 'Finish a sign-in with a second factor',
    callers: ['anyone'],
    body: z.object({ pending, proof: FactorProof.describe('The second factor') }),
    answers: { 200: SignedIn },
    errors: [...pendingErrors, ...proofErrors, ...startErrors],
  }),
  passkeyAtSignIn: endpoint({
    id: 'passkeyAtSignIn',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/second-factor/passkey',
    summary: 'Options to use a passkey with, for a sign-in that waits for it',
    callers: ['anyone'],
    body: z.object({ pending }),
    answers: { 200: passkeyOptions },
    errors: [...pendingErrors],
  }),
  beginFactorAtSignIn: endpoint({
    id: 'beginFactorAtSignIn',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/second-factor/offer',
    summary: 'Begin to set up the second factor that a sign-in demands',
    callers: ['anyone'],
    body: z.object({ pending, kind: FactorKind }),
    answers: { 200: FactorOffer },
    errors: [...pendingErrors, ...enrolErrors],
  }),
  enrolAtSignIn: endpoint({
    id: 'enrolAtSignIn',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/second-factor/enrol',
    summary: 'Set up the second factor that a sign-in demands, and finish the sign-in',
    callers: ['anyone'],
    body: newFactor.extend({ pending }),
    answers: {
      200: z.object({ signedIn: SignedIn.describe('The session that begins'), recoveryCodes }),
    },
    errors: [...pendingErrors, ...proofErrors, ...enrolErrors, ...startErrors],
  }),
  myFactors: endpoint({
    id: 'myFactors',
    area: 'access',
    method: 'GET',
    path: '/me/factors',
    summary: "The caller's second factors",
    callers: own,
    answers: {
      200: z.object({
        factors: z.array(Factor).describe('At most ten'),
        recoveryCodesLeft: z.number().int().describe('Recovery codes that were not used'),
        demand: z
          .enum(['off', 'optional', 'required'])
          .describe('Whether second factors are used here, and whether the caller needs one'),
        passkeyHost: z.string().describe('Host that passkeys belong to; elsewhere none can be set up'),
      }),
    },
  }),
  beginFactor: endpoint({
    id: 'beginFactor',
    area: 'access',
    method: 'POST',
    path: '/me/factors/offer',
    summary: 'Begin to set up a second factor',
    callers: own,
    needsProof: true,
    body: z.object({ kind: FactorKind }),
    answers: { 200: FactorOffer },
    errors: [...enrolErrors],
  }),
  addFactor: endpoint({
    id: 'addFactor',
    area: 'access',
    method: 'POST',
    path: '/me/factors',
    summary: 'Set up a second factor; with the first one come recovery codes',
    callers: own,
    needsProof: true,
    body: newFactor.extend({ clientId: ClientId }),
    answers: {
      201: z.object({
        factor: Factor.describe('What was set up'),
        recoveryCodes: recoveryCodes.nullable().describe('With the first factor only, and only once'),
      }),
    },
    errors: [...enrolErrors, ...proofErrors],
  }),
  removeFactor: endpoint({
    id: 'removeFactor',
    area: 'access',
    method: 'DELETE',
    path: '/me/factors/:factorId',
    summary: 'Remove a second factor',
    callers: own,
    needsProof: true,
    params: z.object({ factorId: PathId.describe('Factor id') }),
    answers: { 204: 'It is removed' },
    errors: ['factor.not_found', 'factor.needed'],
  }),
  makeRecoveryCodes: endpoint({
    id: 'makeRecoveryCodes',
    area: 'access',
    method: 'POST',
    path: '/me/factors/recovery-codes',
    summary: 'Make new recovery codes; the earlier ones are good no more',
    callers: own,
    needsProof: true,
    body: z.object({ clientId: ClientId }),
    answers: { 200: z.object({ recoveryCodes }) },
    errors: ['factor.not_found'],
  }),
  passkeyForProof: endpoint({
    id: 'passkeyForProof',
    area: 'access',
    method: 'POST',
    path: '/me/proof/passkey',
    summary: 'Options to use a passkey with, for a fresh proof',
    callers: own,
    answers: { 200: passkeyOptions },
  }),
  prove: endpoint({
    id: 'prove',
    area: 'access',
    method: 'POST',
    path: '/me/proof',
    summary: 'Prove again who one is; acts that need it are open for five minutes',
    callers: own,
    body: z.object({ proof: FreshProof.describe('The proof') }),
    answers: { 200: z.object({ until: Time.describe('When it is not fresh any more') }) },
    errors: [
      ...proofErrors,
      'auth.invalid_credentials',
      'auth.account_disabled',
      'auth.account_locked',
      'auth.account_expired',
      'auth.password_expired',
      'auth.password_must_change',
      'auth.hours_restricted',
      'auth.device_restricted',
      'auth.directory_unavailable',
    ],
  }),
  accountFactors: endpoint({
    id: 'accountFactors',
    area: 'administration',
    method: 'GET',
    path: '/admin/accounts/:accountId/factors',
    summary: 'Second factors of a person or an administrator; always one page',
    callers: ['system-admin', 'security-admin'],
    params: z.object({ accountId: PathId.describe('Person id, or account id of an administrator') }),
    answers: { 200: pageOf(Factor) },
  }),
  askFactorReset: endpoint({
    id: 'askFactorReset',
    area: 'administration',
    method: 'POST',
    path: '/admin/accounts/:accountId/factors/reset',
    summary: 'Ask that all second factors of an account be removed; another administrator decides',
    callers: ['system-admin', 'security-admin'],
    needsProof: true,
    params: z.object({ accountId: PathId.describe('Person id, or account id of an administrator') }),
    body: z.object({
      clientId: ClientId,
      reason: z.string().trim().min(5).max(1000).describe('Why, for the approver and the trail'),
    }),
    answers: { 202: z.object({ approvalId: Id.describe('The request another administrator decides') }) },
    errors: ['factor.not_found', 'client_id_reused'],
  }),
};
