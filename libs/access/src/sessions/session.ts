import type { Me } from '#contracts';
import type { Principal } from '#platform';
import type { SessionLimits } from '../rates/access-policies.js';
import type { SessionRow } from './session.entity.js';

/** Two tabs may refresh with the same token at the same moment; later than this it is a stolen one. */
const reuseGraceMs = 30_000;

/** How long a session lasts that is not used. */
export const lastingMs = ({ idleMinutes, lifetimeHours }: SessionLimits): number =>
  Math.min(idleMinutes, lifetimeHours * 60) * 60_000;

export function mayRefresh(session: SessionRow, hash: Buffer): boolean {
  if (session.refreshHash.equals(hash)) return true;
  const isRecent = session.rotatedAt !== null && Date.now() - session.rotatedAt.getTime() < reuseGraceMs;
  return isRecent && session.previousHash?.equals(hash) === true;
}

export const toMe = (session: SessionRow): Me => ({
  id: session.accountId,
  kind: session.accountKind,
  username: session.username,
  displayName: session.displayName,
  role: session.role,
});

export function toPrincipal(session: SessionRow): Principal {
  const common = {
    id: session.accountId,
    name: session.displayName,
    username: session.username,
    sessionId: session.id,
    address: session.address,
  };
  if (session.accountKind === 'person') return { kind: 'person', ...common };
  if (session.accountKind === 'bot') return { kind: 'bot', scopes: session.scopes ?? [], ...common };
  if (!session.role) throw new Error(`the administrator's session ${session.id} has no role`);
  return { kind: 'administrator', role: session.role, ...common };
}
