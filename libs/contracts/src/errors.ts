import { z } from 'zod';

interface ErrorKind {
  /** HTTP status of the code. */
  status: number;
  /** What it means, for the reference. */
  meaning: string;
}

const kinds = {
  'request.malformed': {
    status: 400,
    meaning: 'The request does not have the documented form; details.issues says where.',
  },
  'request.too_large': {
    status: 413,
    meaning: 'The request is larger than 60 KiB (uploads have a limit of their own).',
  },
  'route.not_found': { status: 404, meaning: 'There is no such address.' },
  'rate.limited': { status: 429, meaning: 'Too many requests of this kind; try again after retryAfterMs.' },
  overloaded: {
    status: 503,
    meaning: 'The service is at its capacity and has not accepted the request; try again after retryAfterMs.',
  },
  'service.unavailable': { status: 503, meaning: 'A part the request needs does not answer at the moment.' },
  internal: { status: 500, meaning: 'A fault of ours; details.reference finds it in the log.' },

  'auth.required': { status: 401, meaning: 'The request carries no valid access token.' },
  'auth.session_ended': { status: 401, meaning: 'The session was ended; sign in again.' },
  'session.not_found': { status: 404, meaning: 'The account has no such session.' },
  'auth.invalid_credentials': { status: 401, meaning: 'User name or password is wrong.' },
  'auth.account_disabled': { status: 403, meaning: 'The directory has disabled this account.' },
  'auth.account_locked': { status: 403, meaning: 'The directory has locked this account for a time.' },
  'auth.account_expired': { status: 403, meaning: 'This account has expired in the directory.' },
  'auth.password_expired': {
    status: 403,
    meaning: 'The password has expired; it is changed in the directory, not here.',
  },
  'auth.password_must_change': {
    status: 403,
    meaning: 'The directory wants the password changed before the next sign-in; it is changed there.',
  },
  'auth.hours_restricted': {
    status: 403,
    meaning: 'The directory does not let this account sign in at this time.',
  },
  'auth.device_restricted': {
    status: 403,
    meaning: 'The directory lets this account sign in from certain computers only.',
  },
  'auth.second_factor_required': {
    status: 401,
    meaning:
      'The first step is right, and a second factor is needed; details.pending continues the sign-in, details.methods says with what, details.enrol whether one has to be set up first.',
  },
  'auth.sign_in_over': {
    status: 401,
    meaning: 'The sign-in took too long or too many attempts; begin again.',
  },
  'auth.factor_refused': { status: 403, meaning: 'The code or passkey is wrong, or was used before.' },
  'auth.proof_required': {
    status: 403,
    meaning: 'This needs a fresh proof of who is there; details.methods says with what.',
  },
  'factor.not_found': { status: 404, meaning: 'The account has no such second factor.' },
  'factor.unavailable': {
    status: 409,
    meaning:
      'Second factors of this kind are not used here: by policy, or because of the address of the page.',
  },
  'factor.too_many': {
    status: 409,
    meaning: 'The account has as many second factors as it may; details.most says how many.',
  },
  'factor.offer_over': { status: 409, meaning: 'Setting up the factor took too long; begin again.' },
  'factor.needed': {
    status: 409,
    meaning: 'The account must have a second factor; set up another one first.',
  },
  'auth.provider_unavailable': { status: 503, meaning: 'The identity provider does not answer.' },
  'auth.provider_refused': {
    status: 403,
    meaning: 'What the identity provider answered is not a sign-in of this browser.',
  },
  'auth.identity_unknown': {
    status: 403,
    meaning: 'The account of the identity provider belongs to nobody here; an administrator links it.',
  },
  'provider.not_found': { status: 404, meaning: 'There is no such identity provider, or it is not active.' },
  'provider.name_taken': { status: 409, meaning: 'Another identity provider has this name.' },
  'provider.invalid': {
    status: 422,
    meaning: 'The settings cannot be used: details.field and details.reason say why.',
  },
  'provider.too_many': {
    status: 409,
    meaning: 'There are as many identity providers as there may be; details.most says how many.',
  },
  'provider.changed_meanwhile': {
    status: 409,
    meaning: 'Somebody else changed this meanwhile; read it again.',
  },
  'provider.identity_taken': {
    status: 409,
    meaning: 'The account belongs to somebody, or the person has another one of this provider.',
  },
  'auth.too_many_devices': {
    status: 403,
    meaning: 'The account is signed in on as many devices as it may be; details.most says how many.',
  },
  'auth.too_many_attempts': {
    status: 429,
    meaning: 'Too many failed attempts; try again after retryAfterMs.',
  },
  'auth.directory_unavailable': {
    status: 503,
    meaning: 'The directory does not answer, so nobody can be checked; this says nothing about the password.',
  },
  'access.forbidden': { status: 403, meaning: "The caller's role may not do this." },

  'person.not_found': { status: 404, meaning: 'There is no such person, or the caller may not see them.' },
  'person.active': {
    status: 409,
    meaning: 'This is done only for somebody who has left, and the person is active.',
  },
  'department.not_found': {
    status: 404,
    meaning: 'There is no such department, or the caller may not see it.',
  },
  'department.head_required': {
    status: 403,
    meaning: 'Only a head of the department, or of one above it, may do this.',
  },
  'department.group_exists': {
    status: 409,
    meaning: 'The department has such a group already.',
  },
  'visibility.changed': {
    status: 409,
    meaning: 'Somebody else changed the rules meanwhile; read them again.',
  },
  'directory.sync_running': { status: 409, meaning: 'A synchronisation is already running.' },
  'directory.source_not_found': { status: 404, meaning: 'There is no such directory.' },
  'directory.source_name_taken': { status: 409, meaning: 'Another directory has this name.' },
  'directory.source_fixed': {
    status: 409,
    meaning: 'The settings of the service say how this directory is reached; change them there.',
  },
  'directory.source_invalid': {
    status: 422,
    meaning: 'The settings of the directory cannot be used: details.field and details.reason say why.',
  },
  'directory.source_password_required': {
    status: 422,
    meaning: 'The kept password is only for the hosts, security and account it was given for; give it again.',
  },
  'directory.run_not_found': { status: 404, meaning: 'There is no such synchronisation.' },
  'directory.run_state': {
    status: 409,
    meaning: 'The synchronisation is not in a state for this; details.state says in which it is.',
  },

  'bot.not_found': { status: 404, meaning: 'There is no such bot.' },
  'bot.name_taken': { status: 409, meaning: 'Somebody else has this user name.' },

  'conversation.not_a_member': {
    status: 404,
    meaning: 'There is no such conversation, or the caller is not a member of it.',
  },
  'conversation.members_invalid': {
    status: 422,
    meaning: 'These people cannot be the members: details.reason says why.',
  },
  'conversation.not_a_group': { status: 409, meaning: 'Only groups can do this.' },
  'conversation.owner_required': { status: 403, meaning: 'Only the owner of the group may do this.' },
  'conversation.owner_must_transfer': {
    status: 409,
    meaning: 'The owner hands the group over, or dissolves it, before leaving.',
  },
  'conversation.dissolved': {
    status: 409,
    meaning: 'The group was dissolved; it can be read but not changed.',
  },
  'conversation.follows_department': {
    status: 409,
    meaning: 'The members of this group are those of a department; the directory changes them, nobody here.',
  },
  'message.not_found': { status: 404, meaning: 'There is no such message, or the caller may not see it.' },
  'message.too_long': { status: 422, meaning: 'The text is longer than 16,384 bytes of UTF-8.' },
  'message.empty': { status: 422, meaning: 'The message has no text and no file.' },
  client_id_reused: { status: 409, meaning: 'This clientId was used by the caller for another request.' },
  'sync.position_invalid': { status: 400, meaning: 'The position was not made by this installation.' },

  'file.not_found': { status: 404, meaning: 'There is no such file, or the caller may not have it.' },
  'file.too_large': {
    status: 413,
    meaning: 'The file is larger than the policy allows; details.maxBytes says how much.',
  },
  'file.not_ready': {
    status: 409,
    meaning: 'The upload of this file, or what was asked of it, is not complete.',
  },
  'file.upload_invalid': {
    status: 400,
    meaning: 'The upload does not follow the tus protocol; details.reason says where.',
  },
  'file.held': { status: 409, meaning: 'The file has not been found clean yet; try again later.' },
  'file.infected': { status: 403, meaning: 'The scanner found harm in this file; nobody can have it.' },
  'file.type_refused': {
    status: 415,
    meaning: 'Files of this type are not accepted here; details.mediaType says what the content is.',
  },
  'file.quota_exceeded': {
    status: 413,
    meaning: 'There is no room left for this file; details.maxBytes says how much there is in all.',
  },
  'file.no_preview': {
    status: 404,
    meaning: 'There is no smaller image of this file, and there will be none.',
  },
  'file.range_invalid': { status: 416, meaning: 'The file does not have the asked range of bytes.' },

  'approval.not_found': { status: 404, meaning: 'There is no such request for approval.' },
  'approval.own_request': { status: 403, meaning: 'Nobody decides on their own request.' },
  'approval.decided': { status: 409, meaning: 'The request was decided already, or has expired.' },
  'approval.not_approved': {
    status: 409,
    meaning: 'This needs an approval that was not used yet; details.state says where the request stands.',
  },
  'policy.not_found': { status: 404, meaning: 'There is no such policy.' },
  'policy.scope_not_found': {
    status: 404,
    meaning: 'There is nobody or nothing of this id, or the policy cannot be decided for it.',
  },
  'policy.changed_meanwhile': {
    status: 409,
    meaning: 'Somebody else changed this meanwhile; details.version says which version stands.',
  },
  'policy.change_waiting': { status: 409, meaning: 'A change of this waits for a second person.' },
  'policy.too_many_scopes': {
    status: 409,
    meaning: 'The policy has as many exceptions as it may; details.most says how many.',
  },
  'export.not_found': { status: 404, meaning: 'There is no such export, or no such file in it.' },
  'export.not_ready': {
    status: 409,
    meaning: 'The export is not finished; details.state says how far it is.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof kinds;

/** The closed list of error codes, with the HTTP status and meaning of each. */
export const errorKinds: Readonly<Record<ErrorCode, ErrorKind>> = kinds;

export const errorCodes = Object.keys(kinds) as [ErrorCode, ...ErrorCode[]];

/** The one form of every refusal, in HTTP bodies and socket acknowledgements alike. */
export const ErrorAnswer = z
  .object({
    error: z
      .object({
        code: z.enum(errorCodes).describe('What happened, from the closed list'),
        message: z
          .string()
          .describe('The meaning of the code in English, for logs; clients show their own words'),
        details: z.record(z.string(), z.unknown()).optional().describe('What the code leaves open'),
        retryAfterMs: z
          .number()
          .int()
          .optional()
          .describe('Trying again makes sense after so many milliseconds'),
      })
      .describe('The refusal'),
  })
  .meta({ id: 'Error', description: 'The one form of every refusal' });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
