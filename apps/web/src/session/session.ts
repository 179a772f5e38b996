import { isSessionOver, OfflineError, RefusedError } from '#client';
import type { FactorProof, Me, NewFactor } from '#contracts';
import { forgetDrafts } from '../composer/drafts.js';
import { deviceName } from './device.js';
import { client, keptStore, queries } from './service.js';
import { Store } from '../parts/store.js';

export type SessionState =
  { kind: 'starting' } | { kind: 'signedOut'; reason?: 'ended' } | { kind: 'signedIn'; me: Me };

const lastUserKey = 'chancery.user';

/** Who sits in front of this page. */
export const session = new Store<SessionState>({ kind: 'starting' });

client.on('state', (state) => {
  if (state === 'ended' && session.value.kind === 'signedIn') leave('ended');
});

client.on('ended', ({ reason }) => {
  // Signed out from elsewhere, or disabled: what was kept here is not this person's to read any more.
  if (reason !== 'expired') void keptStore()?.clear();
});

/** Goes on with the session of last time; without a network, with what was kept. */
export async function start(): Promise<void> {
  const last = lastUser();
  if (!last) return leave();
  try {
    enter(await client.resume());
  } catch (error) {
    if (isSessionOver(error)) return leave('ended');
    await client.open(last);
    enter(last);
  }
}

/** Throws the refusals of signing in. */
export async function signIn(username: string, password: string): Promise<void> {
  enter(await client.signIn({ username, password, deviceName: deviceName() }));
}

/** Goes on with a sign-in that came back from an identity provider. Throws the refusals of signing in. */
export async function enterFromProvider(): Promise<void> {
  await enterAfter(await client.session.signInFromProvider(deviceName()));
}

/** Throws the refusals of a second factor. */
export async function finishSignIn(pending: string, proof: FactorProof): Promise<void> {
  enter(await client.finishSignIn(pending, proof));
}

/** The session is there, but what is kept is opened by `enterAfter` only: codes are shown before. */
export const enrolAtSignIn = (pending: string, name: string, factor: NewFactor) =>
  client.session.enrolAtSignIn(pending, name, factor);

export async function enterAfter(me: Me): Promise<void> {
  await client.open(me);
  enter(me);
}

export async function signOut(): Promise<void> {
  try {
    await client.signOut();
  } catch (error) {
    // Without the service the session ends by itself; here everything is forgotten already.
    if (!(error instanceof OfflineError) && !(error instanceof RefusedError)) throw error;
  } finally {
    forgetDrafts();
    leave();
  }
}

function enter(me: Me): void {
  localStorage.setItem(lastUserKey, JSON.stringify(me));
  session.set({ kind: 'signedIn', me });
}

function leave(reason?: 'ended'): void {
  localStorage.removeItem(lastUserKey);
  queries.clear();
  session.set({ kind: 'signedOut', ...(reason && { reason }) });
}

function lastUser(): Me | undefined {
  const kept = localStorage.getItem(lastUserKey);
  return kept ? (JSON.parse(kept) as Me) : undefined;
}
