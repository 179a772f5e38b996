import { ProofDialog } from './factors/proof-dialog.js';
import { AdministratorNotice, SignInPage } from './session/sign-in-page.js';
import { StartingPage } from './session/starting-page.js';
import { session } from './session/session.js';
import { Shell } from './shell/shell.js';
import { useStore } from './parts/store.js';

/** Who is in front of the page decides what it is. */
export function App() {
  const state = useStore(session);
  if (state.kind === 'starting') return <StartingPage />;
  if (state.kind === 'signedOut') return <SignInPage wasEnded={state.reason === 'ended'} />;
  if (state.me.kind === 'administrator') return <AdministratorNotice />;
  return (
    <>
      <Shell me={state.me} key={state.me.id} />
      <ProofDialog />
    </>
  );
}
