import { Anchor, Stack, Text, Title } from '@mantine/core';
import { EnrolForm, ProveForm, RecoveryCodes } from '#client-parts';
import type { Me, SecondFactorDemand } from '#contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http, session } from '../service.js';

interface SecondStepProps {
  demand: SecondFactorDemand;
  signedIn: (me: Me) => void;
  restart: () => void;
}

/** After the password: the second factor, or setting it up. */
export function SecondStep({ demand, signedIn, restart }: SecondStepProps) {
  const { t } = useTranslation();
  const { pending, enrol, methods, passkeyHost } = demand;
  const [enrolled, setEnrolled] = useState<{ user: Me; recoveryCodes: string[] }>();
  if (enrolled) {
    return (
      <Stack gap="md">
        <Title order={1}>{t('factors/codes')}</Title>
        <RecoveryCodes codes={enrolled.recoveryCodes} done={() => signedIn(enrolled.user)} />
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <div>
        <Title order={1}>{t(enrol ? 'factors/enrolTitle' : 'factors/stepTitle')}</Title>
        <Text c="dimmed">{t(enrol ? 'factors/enrolAbout' : 'factors/stepAbout')}</Text>
      </div>
      {enrol ? (
        <EnrolForm
          passkeyHost={passkeyHost}
          offer={(kind) => http.call('beginFactorAtSignIn', { body: { pending, kind } })}
          add={async (name, factor) => setEnrolled(await session.enrolAtSignIn(pending, name, factor))}
        />
      ) : (
        <ProveForm
          methods={methods}
          passkeyHost={passkeyHost}
          passkeyOptions={() => http.call('passkeyAtSignIn', { body: { pending } })}
          prove={async (proof) => {
            if (proof.kind === 'password') throw new Error('a password is no second factor');
            signedIn(await session.finishSignIn(pending, proof));
          }}
        />
      )}
      <Text size="xs" ta="center">
        <Anchor component="button" type="button" c="dimmed" onClick={restart} data-testid="restart">
          {t('factors/restart')}
        </Anchor>
      </Text>
    </Stack>
  );
}
