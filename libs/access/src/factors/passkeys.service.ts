import { Inject, Injectable } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { idBytes } from '#contracts';
import { AppError, logger, SETTINGS, type Settings } from '#platform';
import type { FactorRow } from './factor.entity.js';

const log = logger('access');
const product = 'Chancery 文枢';

/** Loaded when somebody has a passkey: it would take a tenth of every start. */
const webAuthn = () => import('@simplewebauthn/server');

type Json = Record<string, unknown>;

/** Whose passkey it is, as the device shows it. */
export interface PasskeyOwner {
  accountId: string;
  username: string;
  displayName: string;
}

export type NewPasskey = Pick<FactorRow, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

/** Passkeys (WebAuthn): they belong to the public host of the installation, and count for pages of it only. */
@Injectable()
export class Passkeys {
  /** The relying party id. */
  readonly host: string;
  private readonly protocol: string;

  constructor(@Inject(SETTINGS) { PUBLIC_URL, PORT }: Settings) {
    const address = new URL(PUBLIC_URL ?? `http://localhost:${PORT}`);
    this.host = address.hostname;
    this.protocol = address.protocol;
  }

  /** @returns options for the browser, and the challenge to keep */
  async offer(
    owner: PasskeyOwner,
    known: readonly FactorRow[],
  ): Promise<{ options: Json; challenge: string }> {
    const { generateRegistrationOptions } = await webAuthn();
    const options = await generateRegistrationOptions({
      rpName: product,
      rpID: this.host,
      userID: Uint8Array.from(idBytes(owner.accountId)),
      userName: owner.username,
      userDisplayName: owner.displayName,
      attestationType: 'none',
      excludeCredentials: credentials(known),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
    });
    return { options: options as unknown as Json, challenge: options.challenge };
  }

  /** Throws `auth.factor_refused`. */
  async accept(answer: Json, challenge: string): Promise<NewPasskey> {
    const { verifyRegistrationResponse } = await webAuthn();
    const { verified, registrationInfo } = await refusing(() =>
      verifyRegistrationResponse({
        response: answer as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: this.originIn(answer),
        expectedRPID: this.host,
        requireUserVerification: false,
      }),
    );
    if (!verified || !registrationInfo) throw new AppError('auth.factor_refused');
    const { id, publicKey, counter, transports } = registrationInfo.credential;
    return { credentialId: id, publicKey: Buffer.from(publicKey), counter, transports: transports ?? null };
  }

  /** @returns options for the browser, and the challenge to keep */
  async ask(known: readonly FactorRow[]): Promise<{ options: Json; challenge: string }> {
    const { generateAuthenticationOptions } = await webAuthn();
    const options = await generateAuthenticationOptions({
      rpID: this.host,
      allowCredentials: credentials(known),
      userVerification: 'preferred',
    });
    return { options: options as unknown as Json, challenge: options.challenge };
  }

  /** @returns what the passkey has counted. Throws `auth.factor_refused`. */
  async verify(answer: Json, challenge: string, { credentialId, publicKey, counter, transports }: FactorRow) {
    const { verifyAuthenticationResponse } = await webAuthn();
    const { verified, authenticationInfo } = await refusing(() =>
      verifyAuthenticationResponse({
        response: answer as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: this.originIn(answer),
        expectedRPID: this.host,
        requireUserVerification: false,
        credential: {
          id: credentialId!,
          publicKey: Uint8Array.from(publicKey!),
          counter: counter!,
          transports: (transports ?? []) as AuthenticatorTransport[],
        },
      }),
    );
    if (!verified) throw new AppError('auth.factor_refused');
    return authenticationInfo.newCounter;
  }

  /** The console may have a port of its own: any page of the host, by the same protocol, is ours. */
  private originIn(answer: Json): string {
    const origin = URL.parse(originOf(answer) ?? '');
    const isOurs = origin?.hostname === this.host && origin.protocol === this.protocol;
    return isOurs ? origin.origin : `${this.protocol}//${this.host}`;
  }
}

function originOf(answer: Json): string | undefined {
  const data = (answer['response'] as Json | undefined)?.['clientDataJSON'];
  if (typeof data !== 'string') return undefined;
  try {
    const { origin } = JSON.parse(Buffer.from(data, 'base64url').toString()) as { origin?: unknown };
    return typeof origin === 'string' ? origin : undefined;
  } catch (err) {
    log.debug({ err }, 'the answer of a passkey cannot be read');
    return undefined;
  }
}

/** Whatever is wrong with an answer, the library throws. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    log.debug({ err: cause }, 'a passkey was refused');
    throw new AppError('auth.factor_refused', { cause });
  }
}

const credentials = (known: readonly FactorRow[]) =>
  known
    .filter(({ kind }) => kind === 'passkey')
    .map(({ credentialId, transports }) => ({
      id: credentialId!,
      transports: (transports ?? []) as AuthenticatorTransport[],
    }));
