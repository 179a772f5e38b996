import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { newId, type IdentityProvider } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.js';
import { Facts } from '../parts/facts.js';
import { announce } from '../parts/notices.js';
import { ReasonForm } from '../parts/reason-form.js';
import { FaultNote } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { http, refresh } from '../service.js';
import { useAdministrator } from '../session/administrator.js';
import { protocols } from './provider-draft.js';

/** What a provider is, looking whether it answers, and letting people sign in with it. */
export function ProviderActions({ provider }: { provider: IdentityProvider }) {
  const { t } = useTranslation();
  const { role } = useAdministrator();
  const { id, active, redirectUri, metadataAddress, settings } = provider;
  const params = { providerId: id };
  const trying = useMutation({ mutationFn: () => http.call('tryIdentityProvider', { params }) });
  const pausing = useMutation({
    mutationFn: () => http.call('pauseIdentityProvider', { params, body: { clientId: newId() } }),
    onSuccess: () => announce(t('providers/paused')),
    onSettled: () => refresh('identityProviders'),
  });
  return (
    <Stack gap="sm" mb="lg">
      <Facts
        lines={[
          [
            t('providers/state'),
            <Tag key="state" tone={active ? 'good' : 'waiting'}>
              {t(active ? 'providers/active' : 'providers/inactive')}
            </Tag>,
          ],
          [t('providers/protocol'), protocols[settings.saml ? 'saml' : 'openid']],
          [t(settings.saml ? 'providers/entityId' : 'providers/issuer'), settings.issuer],
          [
            t(settings.saml ? 'providers/answerAddress' : 'providers/redirectUri'),
            <span key="uri" className="code">
              {redirectUri} <CopyButton text={redirectUri} />
            </span>,
          ],
          [
            t('providers/metadata'),
            metadataAddress && (
              <span key="metadata" className="code">
                <Anchor href={metadataAddress} download data-testid="provider-metadata">
                  {metadataAddress}
                </Anchor>
              </span>
            ),
          ],
        ]}
      />
      {trying.data && (
        <Text className={trying.data.usable ? 'quiet-note' : 'waiting-note'} data-testid="provider-trial">
          {trying.data.usable
            ? t(settings.saml ? 'providers/usableSaml' : 'providers/usable', {
                endpoints: trying.data.endpoints.join(', '),
              })
            : t('providers/unusable', { fault: trying.data.fault ?? '' })}
        </Text>
      )}
      <FaultNote error={trying.error ?? pausing.error} />
      <Group gap="xs">
        {role === 'system-admin' && (
          <Button
            variant="default"
            loading={trying.isPending}
            onClick={() => trying.mutate()}
            data-testid="try-provider"
          >
            {t('providers/try')}
          </Button>
        )}
        {active && (
          <Button
            variant="default"
            loading={pausing.isPending}
            onClick={() => pausing.mutate()}
            data-testid="pause-provider"
          >
            {t('providers/pause')}
          </Button>
        )}
      </Group>
      {!active && role === 'system-admin' && <Activation provider={provider} />}
    </Stack>
  );
}

function Activation({ provider: { id, version } }: { provider: IdentityProvider }) {
  const { t } = useTranslation();
  const clientId = useMemo(() => newId(), []);
  const asking = useMutation({
    mutationFn: (reason: string) =>
      http.call('askProviderActivation', {
        params: { providerId: id },
        body: { clientId, version, reason },
      }),
    onSuccess: () => announce(t('providers/asked')),
  });
  if (asking.isSuccess) return <Text className="waiting-note">{t('providers/asked')}</Text>;
  return (
    <Stack gap="sm">
      <Text className="quiet-note">{t('providers/activationAbout')}</Text>
      <ReasonForm
        act={asking.mutate}
        label={t('providers/activate')}
        isPending={asking.isPending}
        error={asking.error}
        testIds={{ reason: 'activation-reason', act: 'ask-activation' }}
      />
    </Stack>
  );
}
