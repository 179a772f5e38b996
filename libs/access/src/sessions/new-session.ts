import type { SessionRow } from './session.entity.js';

/** A session that begins now. @param refreshHash of the token that renews it; empty where none does */
export function newSession(
  id: string,
  account: Pick<SessionRow, 'accountKind' | 'accountId' | 'username' | 'displayName' | 'role'>,
  device: { name: string; platform: string; address: string | null },
  lifetimeMs: number,
  refreshHash: Buffer = Buffer.alloc(0),
): SessionRow {
  const now = new Date();
  return {
    id,
    ...account,
    deviceName: device.name,
    platform: device.platform,
    address: device.address,
    createdAt: now,
    usedAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
    refreshHash,
    previousHash: null,
    rotatedAt: null,
    endedAt: null,
    endReason: null,
    endPos: null,
    provedAt: now,
    scopes: null,
    clientId: null,
  };
}
