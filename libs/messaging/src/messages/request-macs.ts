import { Injectable } from '@nestjs/common';
import { idBytes } from '#contracts';
import { ServiceSecret } from '#keys';
import { canonicalJson, cryptoSuite, secretKey, type SecretKey } from '#platform';

/** Keyed digests of requests as they were sent: they tell a repeat from another request, and nothing to those without the key. */
@Injectable()
export class RequestMacs {
  private readonly key: SecretKey;

  constructor(secret: ServiceSecret) {
    this.key = secretKey(cryptoSuite.derive(secret.bytes, Buffer.alloc(0), 'chancery client requests'));
  }

  /** @param objectId what the request is about; the same words about something else are another request */
  of(objectId: string, request: object): Buffer {
    return cryptoSuite.mac(this.key, idBytes(objectId), Buffer.from(canonicalJson(request), 'utf8'));
  }

  keyOf(clientId: string, objectId: string, request: object): { clientId: string; requestMac: Buffer } {
    return { clientId, requestMac: this.of(objectId, request) };
  }
}
