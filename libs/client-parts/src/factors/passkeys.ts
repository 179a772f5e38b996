import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

type Json = Record<string, unknown>;

/** The browser was told to stop, or nobody touched the key: no fault, and nothing to tell. */
export class PasskeyCancelled extends Error {
  override readonly name = 'PasskeyCancelled';
}

/** Whether this page can use passkeys: they need a secure context, and the host they belong to. */
export const canUsePasskeys = (host: string): boolean =>
  window.isSecureContext && 'PublicKeyCredential' in window && location.hostname === host;

/** Throws PasskeyCancelled. */
export const makePasskey = (options: Json): Promise<Json> =>
  asJson(() =>
    startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }),
  );

/** Throws PasskeyCancelled. */
export const askPasskey = (options: Json): Promise<Json> =>
  asJson(() =>
    startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }),
  );

async function asJson(work: () => Promise<object>): Promise<Json> {
  try {
    return (await work()) as Json;
  } catch (error) {
    throw new PasskeyCancelled('the browser did not use a passkey', { cause: error });
  }
}
