import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isUuid } from '#contracts';

/**
 * What a browser keeps while it is at a provider: the id of its sign-in and a secret. State, nonce and code verifier are
 * derived from the secret, so an answer of the provider is of use in this browser only, and nowhere is it stored.
 */
export class BrowserSecret {
  private constructor(
    readonly signInId: string,
    private readonly secret: string,
  ) {}

  static draw(signInId: string): BrowserSecret {
    return new BrowserSecret(signInId, randomBytes(32).toString('base64url'));
  }

  /** As a cookie brings it; undefined for what is none. */
  static read(text: string | undefined): BrowserSecret | undefined {
    const [id = '', secret = '', more] = (text ?? '').split('.');
    return isUuid(id) && secret.length === 43 && more === undefined
      ? new BrowserSecret(id, secret)
      : undefined;
  }

  get text(): string {
    return `${this.signInId}.${this.secret}`;
  }

  /** Stored in its place. */
  get hash(): Buffer {
    return createHash('sha256').update(this.text).digest();
  }

  get state(): string {
    return this.derive('state');
  }

  get nonce(): string {
    return this.derive('nonce');
  }

  /** RFC 7636 §4.1: 43 characters of those allowed. */
  get verifier(): string {
    return this.derive('verifier');
  }

  private derive(purpose: string): string {
    return createHmac('sha256', this.text).update(`chancery sign-in ${purpose}`).digest('base64url');
  }
}
