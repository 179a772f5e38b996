import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

type Json = Record<string, unknown>;

const userPresent = 0x01;
const hasCredential = 0x40;

/** A passkey in software, as a browser would use it on a page of `origin`. */
export class PasskeyDevice {
  counter = 0;
  private readonly id = randomBytes(32);
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(private readonly origin: string) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = pair.privateKey;
    this.publicKey = pair.publicKey;
  }

  /** Answers the options of a new passkey. */
  make(options: Json): Json {
    const host = (options['rp'] as { id: string }).id;
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      this.coseKey(),
    ]);
    const data = Buffer.concat([this.data(host, userPresent | hasCredential), credential]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(data),
    ]);
    return this.answer('webauthn.create', options, {
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers the options of a use. */
  use(options: Json, origin = this.origin): Json {
    this.counter += 1;
    const data = this.data(String(options['rpId']), userPresent);
    const client = clientData('webauthn.get', options, origin);
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
    return this.answer(
      'webauthn.get',
      options,
      {
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, this.privateKey).toString('base64url'),
      },
      origin,
    );
  }

  private answer(type: string, options: Json, response: Json, origin = this.origin): Json {
    const id = this.id.toString('base64url');
    const clientDataJSON = clientData(type, options, origin).toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON, ...response },
    };
  }

  private data(host: string, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([createHash('sha256').update(host).digest(), Buffer.from([flags]), counter]);
  }

  /** RFC 9053: EC2, ES256, P-256, x, y. */
  private coseKey(): Buffer {
    const { x, y } = this.publicKey.export({ format: 'jwk' });
    const part = (label: number, value: string) =>
      Buffer.concat([Buffer.from([label]), bytes(Buffer.from(value, 'base64url'))]);
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]),
      part(0x21, x!),
      part(0x22, y!),
    ]);
  }
}

const clientData = (type: string, { challenge }: Json, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);

function bytes(value: Buffer): Buffer {
  const head = value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from(head), value]);
}
