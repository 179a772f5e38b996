import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { release } from './release.js';

/** Made once and used often, a key object is several times as fast as its bytes. */
export type SecretKey = KeyObject | Uint8Array;

/**
 * One family of algorithms. Whatever leaves a suite (digest, MAC, ciphertext) is stored with the suite's id as its
 * first byte, so that a second family can be introduced beside the first.
 */
export interface CryptoSuite {
  readonly id: number;
  readonly name: string;
  /** Bytes that `seal` adds to a text. */
  readonly overhead: number;
  /** 1 + 32 bytes. */
  hash(...parts: Uint8Array[]): Buffer;
  /** 1 + 32 bytes. */
  mac(key: SecretKey, ...parts: Uint8Array[]): Buffer;
  /** A key of 32 bytes from two secrets and a purpose. */
  derive(secret: SecretKey, salt: Uint8Array, purpose: string): Buffer;
  /** id ‖ nonce ‖ ciphertext ‖ tag; `context` is authenticated, not stored. */
  seal(key: SecretKey, plain: Uint8Array, context: Uint8Array): Buffer;
  /** As `seal`, into a place of exactly that many bytes; the text may lie in it. */
  sealInto(place: Uint8Array, key: SecretKey, plain: Uint8Array, context: Uint8Array): void;
  /** Throws when key, context or a single bit is wrong. */
  open(key: SecretKey, sealed: Uint8Array, context: Uint8Array): Buffer;
}

const nonceBytes = 12;
const tagBytes = 16;

/** SHA-256, HMAC-SHA-256, HKDF-SHA-256 (RFC 5869), AES-256-GCM with random nonces (NIST SP 800-38D). */
const international: CryptoSuite = {
  id: 1,
  name: 'intl-1',
  overhead: 1 + nonceBytes + tagBytes,
  hash(...parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return Buffer.concat([Buffer.of(1), hash.digest()]);
  },
  mac(key, ...parts) {
    const mac = createHmac('sha256', key);
    for (const part of parts) mac.update(part);
    return Buffer.concat([Buffer.of(1), mac.digest()]);
  },
  derive(secret, salt, purpose) {
    return Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32));
  },
  seal(key, plain, context) {
    const sealed = Buffer.allocUnsafe(plain.length + this.overhead);
    this.sealInto(sealed, key, plain, context);
    return sealed;
  },
  sealInto(place, key, plain, context) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
    // In this mode the end adds nothing to the text.
    const text = cipher.update(plain);
    cipher.final();
    place[0] = 1;
    place.set(nonce, 1);
    place.set(text, 1 + nonceBytes);
    place.set(cipher.getAuthTag(), 1 + nonceBytes + text.length);
    release(text);
  },
  open(key, sealed, context) {
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes))
      .setAAD(context)
      .setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const plain = decipher.update(body);
    // Throws unless every bit is right; adds nothing to the text.
    decipher.final();
    return plain;
  },
};

/** For keys that are kept and used again. */
export const secretKey = (bytes: Uint8Array): KeyObject => createSecretKey(bytes);

const suites = new Map([[international.id, international]]);

/** The suite new data is made with. */
export const cryptoSuite: CryptoSuite = international;

/** The suite that stored data was made with. Throws for an id this build does not know. */
export function suiteOf(stored: Uint8Array): CryptoSuite {
  const suite = suites.get(stored[0] ?? 0);
  if (!suite) throw new Error(`unknown crypto suite ${stored[0]}`);
  return suite;
}
