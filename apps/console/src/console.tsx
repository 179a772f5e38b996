import { Center, Loader } from '@mantine/core';
import { PartSurroundings, ProofDialog } from '#client-parts';
import type { Me } from '#contracts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Router } from 'wouter';
import { sayFault } from './parts/faults.js';
import { Notices } from './parts/notices.js';
import { FaultState } from './parts/states.js';
import { http, onSessionOver, queries, rememberSession, resume, session } from './service.js';
import { AdministratorContext, type Administrator } from './session/administrator.js';
import { SignIn } from './session/sign-in.js';
import { Shell } from './shell/shell.js';

type Standing =
  | { is: 'asking' }
  | { is: 'unknown'; error: unknown }
  | { is: 'out'; isOver: boolean }
  | { is: 'in'; me: Me };

const base = '/console';

export function Console() {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  return (
    <PartSurroundings value={{ language, http, sayFault: (error) => sayFault(t, error) }}>
      <Page />
    </PartSurroundings>
  );
}

/** Who is in front of the page decides what it is. */
function Page() {
  const [standing, setStanding] = useState<Standing>({ is: 'asking' });

  const ask = useCallback(
    () =>
      resume().then(
        (me) => setStanding(me?.role ? { is: 'in', me } : { is: 'out', isOver: false }),
        (error: unknown) => setStanding({ is: 'unknown', error }),
      ),
    [],
  );
  useEffect(() => void ask(), [ask]);
  useEffect(() => {
    if (standing.is === 'in' || standing.is === 'out') rememberSession(standing.is === 'in');
  }, [standing.is]);
  useEffect(
    () =>
      onSessionOver(() => {
        queries.clear();
        setStanding((before) => ({ is: 'out', isOver: before.is === 'in' }));
      }),
    [],
  );

  if (standing.is === 'unknown') return <FaultState error={standing.error} retry={() => void ask()} />;
  if (standing.is === 'out') {
    return <SignIn isOver={standing.isOver} signedIn={(me) => setStanding({ is: 'in', me })} />;
  }
  if (standing.is === 'in') {
    return <SignedIn me={standing.me} left={() => setStanding({ is: 'out', isOver: false })} />;
  }
  return (
    <Center h="100dvh">
      <Loader size="sm" />
    </Center>
  );
}

function SignedIn({ me, left }: { me: Me; left: () => void }) {
  const administrator = useMemo<Administrator>(
    () => ({
      id: me.id,
      displayName: me.displayName,
      role: me.role!,
      signOut: () => {
        // Signed out here in any case; a server that is away ends the session by its age.
        void session.signOut().catch(() => undefined);
        queries.clear();
        left();
      },
    }),
    [me, left],
  );
  return (
    <AdministratorContext value={administrator}>
      <Router base={base}>
        <Shell />
      </Router>
      <Notices />
      <ProofDialog />
    </AdministratorContext>
  );
}
