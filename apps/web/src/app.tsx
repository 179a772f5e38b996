import { PartSurroundings, ProofDialog } from '#client-parts';
import { AdministratorNotice, SignInPage } from './session/sign-in-page.js';
import { client } from './session/service.js';
import { StartingPage } from './session/starting-page.js';
import { session } from './session/session.js';
import { Shell } from './shell/shell.js';
import { useStore } from './parts/store.js';
import { useWords } from './words/index.js';

export function App() {
  const { language, errorText: sayFault } = useWords();
  return (
    <PartSurroundings value={{ language, sayFault, http: client.http }}>
      <Page />
    </PartSurroundings>
  );
}

/** Who is in front of the page decides what it is. */
function Page() {
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
