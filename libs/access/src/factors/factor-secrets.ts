import { Injectable } from '@nestjs/common';
import { NIL_ID } from '#contracts';
import { AccessKeys, permanentBucket } from '#keys';

const keyRef = { ownerId: NIL_ID, bucket: permanentBucket };

/** Secrets of apps, sealed for their account: they open nowhere else. */
@Injectable()
export class FactorSecrets {
  constructor(private readonly keys: AccessKeys) {}

  async seal(accountId: string, secret: Uint8Array): Promise<Buffer> {
    const keys = await this.keys.opened();
    await keys.ensure([keyRef]);
    return keys.seal(keyRef, secret, contextOf(accountId));
  }

  async open(accountId: string, sealed: Uint8Array): Promise<Buffer> {
    const keys = await this.keys.opened();
    await keys.refresh([keyRef]);
    return keys.open(keyRef, sealed, contextOf(accountId));
  }
}

const contextOf = (accountId: string): Buffer => Buffer.from(`second factor ${accountId}`);
