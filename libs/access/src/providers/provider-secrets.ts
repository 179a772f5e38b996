import { Injectable } from '@nestjs/common';
import { AccessKeys, permanentBucket } from '#keys';

/** Client secrets, sealed for their provider: they open nowhere else. */
@Injectable()
export class ProviderSecrets {
  constructor(private readonly keys: AccessKeys) {}

  async seal(providerId: string, secret: string): Promise<Buffer> {
    const keys = await this.keys.opened();
    await keys.ensure([keyRef(providerId)]);
    return keys.seal(keyRef(providerId), Buffer.from(secret), contextOf(providerId));
  }

  async open(providerId: string, sealed: Uint8Array): Promise<string> {
    const keys = await this.keys.opened();
    await keys.refresh([keyRef(providerId)]);
    return keys.open(keyRef(providerId), sealed, contextOf(providerId)).toString();
  }
}

const keyRef = (providerId: string) => ({ ownerId: providerId, bucket: permanentBucket });
const contextOf = (providerId: string): Buffer => Buffer.from(`identity provider ${providerId}`);
