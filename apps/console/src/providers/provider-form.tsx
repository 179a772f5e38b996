import { Button, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { newId, type IdentityProvider } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';

type Attribute = NonNullable<IdentityProvider['settings']['match']>['attribute'];

interface ProviderFormProps {
  /** Missing for a new one. */
  provider: IdentityProvider | undefined;
  done: (id: string) => void;
}

/** How a provider is reached, and whom its accounts belong to. */
export function ProviderForm({ provider, done }: ProviderFormProps) {
  const { t } = useTranslation();
  const given = provider?.settings;
  const clientId = useMemo(() => newId(), []);
  const [name, setName] = useState(provider?.name ?? '');
  const [issuer, setIssuer] = useState(given?.issuer ?? '');
  const [client, setClient] = useState(given?.client ?? '');
  const [secret, setSecret] = useState('');
  const [scopes, setScopes] = useState((given?.scopes ?? ['profile']).join(' '));
  const [attribute, setAttribute] = useState<Attribute | 'none'>(given?.match?.attribute ?? 'none');
  const [claim, setClaim] = useState(given?.match?.claim ?? 'preferred_username');
  const saving = useMutation({
    mutationFn: () => {
      const settings = {
        issuer: issuer.trim(),
        client: client.trim(),
        scopes: scopes.split(/\s+/).filter((scope) => scope !== '' && scope !== 'openid'),
        match: attribute === 'none' ? null : { claim: claim.trim(), attribute },
      };
      const body = { name: name.trim(), settings, ...(secret && { secret }) };
      return provider
        ? http.call('changeIdentityProvider', {
            params: { providerId: provider.id },
            body: { ...body, version: provider.version },
          })
        : http.call('addIdentityProvider', { body: { ...body, clientId } });
    },
    onSuccess: async ({ id }) => {
      announce(t('providers/saved'));
      await refresh('identityProviders');
      done(id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!saving.isPending) saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <h3 className="section-title">{t('providers/settings')}</h3>
        <Text className="quiet-note">{t('providers/settingsAbout')}</Text>
        <TextInput
          label={t('providers/name')}
          description={t('providers/nameHint')}
          value={name}
          maxLength={60}
          required
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data-testid="provider-name"
        />
        <TextInput
          label={t('providers/issuer')}
          description={t('providers/issuerHint')}
          value={issuer}
          type="url"
          required
          onChange={({ currentTarget }) => setIssuer(currentTarget.value)}
          data-testid="provider-issuer"
        />
        <TextInput
          label={t('providers/client')}
          value={client}
          maxLength={256}
          required
          onChange={({ currentTarget }) => setClient(currentTarget.value)}
          data-testid="provider-client"
        />
        <PasswordInput
          label={t('providers/secret')}
          description={t(provider ? 'providers/secretKept' : 'providers/secretHint')}
          value={secret}
          autoComplete="off"
          maxLength={1024}
          onChange={({ currentTarget }) => setSecret(currentTarget.value)}
          data-testid="provider-secret"
        />
        <TextInput
          label={t('providers/scopes')}
          value={scopes}
          onChange={({ currentTarget }) => setScopes(currentTarget.value)}
        />
        <Select
          label={t('providers/match')}
          description={t('providers/matchHint')}
          allowDeselect={false}
          value={attribute}
          data={(['none', 'username', 'staffNumber', 'email'] as const).map((value) => ({
            value,
            label: t(`providers/matches/${value}`),
          }))}
          onChange={(value) => setAttribute((value ?? 'none') as typeof attribute)}
          data-testid="provider-match"
        />
        {attribute !== 'none' && (
          <TextInput
            label={t('providers/claim')}
            value={claim}
            maxLength={64}
            required
            onChange={({ currentTarget }) => setClaim(currentTarget.value)}
            data-testid="provider-claim"
          />
        )}
        <FaultNote error={saving.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={saving.isPending} data-testid="save-provider">
            {t('providers/save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
