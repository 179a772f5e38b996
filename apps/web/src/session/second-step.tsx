import { useState } from 'react';
import { EnrolForm, ProveForm, RecoveryCodes } from '#client-parts';
import type { SecondFactorDemand } from '#contracts';
import { useWords } from '../words/index.js';
import { client } from './service.js';
import { enrolAtSignIn, enterAfter, finishSignIn } from './session.js';
import classes from './sign-in.module.css';

/** After the password: the second factor, or setting it up. */
export function SecondStep({ demand, restart }: { demand: SecondFactorDemand; restart: () => void }) {
  const { t } = useWords();
  const { pending, enrol, methods, passkeyHost } = demand;
  const [enrolled, setEnrolled] = useState<Awaited<ReturnType<typeof enrolAtSignIn>>>();
  const body = { pending };
  if (enrolled) {
    return (
      <>
        <h1 className={classes['title']}>{t('factors.codes')}</h1>
        <RecoveryCodes codes={enrolled.recoveryCodes} done={() => void enterAfter(enrolled.user)} />
      </>
    );
  }
  return (
    <>
      <h1 className={classes['title']}>{t(enrol ? 'factors.enrolTitle' : 'factors.stepTitle')}</h1>
      <p className={classes['help']}>{t(enrol ? 'factors.enrolAbout' : 'factors.stepAbout')}</p>
      {enrol ? (
        <EnrolForm
          passkeyHost={passkeyHost}
          offer={(kind) => client.call('beginFactorAtSignIn', { body: { pending, kind } })}
          add={async (name, factor) => setEnrolled(await enrolAtSignIn(pending, name, factor))}
        />
      ) : (
        <ProveForm
          methods={methods}
          passkeyHost={passkeyHost}
          passkeyOptions={() => client.call('passkeyAtSignIn', { body })}
          prove={(proof) => {
            if (proof.kind === 'password') throw new Error('a password is no second factor');
            return finishSignIn(pending, proof);
          }}
        />
      )}
      <button type="button" className={classes['back']} onClick={restart} data-testid="restart">
        {t('factors.restart')}
      </button>
    </>
  );
}
