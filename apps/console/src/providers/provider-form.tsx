import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { newId, type IdentityProvider } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';
import { draftOf, protocols, settingsOf, type ProviderDraft } from './provider-draft.js';
import { OpenIdFields, SamlFields } from './protocol-fields.js';

interface ProviderFormProps {
  /** Missing for a new one. */
  provider: IdentityProvider | undefined;
  done: (id: string) => void;
}

/** How a provider is reached, and whom its accounts belong to. */
export function ProviderForm({ provider, done }: ProviderFormProps) {
  const { t } = useTranslation();
  const clientId = useMemo(() => newId(), []);
  const [draft, setDraft] = useState(() => draftOf(provider));
  const write = (part: Partial<ProviderDraft>) => setDraft((before) => ({ ...before, ...part }));
  const saving = useMutation({
    mutationFn: () => {
      const { name, secret, protocol } = draft;
      const isSecret = secret !== '' && protocol === 'openid';
      const body = { name: name.trim(), settings: settingsOf(draft), ...(isSecret && { secret }) };
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
  const Fields = draft.protocol === 'saml' ? SamlFields : OpenIdFields;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <h3 className="section-title">{t('providers/settings')}</h3>
        <Text className="quiet-note">{t('providers/settingsAbout')}</Text>
        <TextInput
          label={t('providers/name')}
          description={t('providers/nameHint')}
          value={draft.name}
          maxLength={60}
          required
          onChange={({ currentTarget }) => write({ name: currentTarget.value })}
          data-testid="provider-name"
        />
        <Select
          label={t('providers/protocol')}
          allowDeselect={false}
          disabled={provider !== undefined}
          value={draft.protocol}
          data={Object.entries(protocols).map(([value, label]) => ({ value, label }))}
          onChange={(value) => write({ protocol: value === 'saml' ? 'saml' : 'openid' })}
          data-testid="provider-protocol"
        />
        <Fields draft={draft} write={write} isNew={provider === undefined} />
        <MatchFields draft={draft} write={write} />
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

interface MatchFieldsProps {
  draft: ProviderDraft;
  write: (part: Partial<ProviderDraft>) => void;
}

/** What tells whose an account is when it signs in for the first time. */
function MatchFields({ draft, write }: MatchFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t('providers/match')}
        description={t('providers/matchHint')}
        allowDeselect={false}
        value={draft.attribute}
        data={(['none', 'username', 'staffNumber', 'email'] as const).map((value) => ({
          value,
          label: t(`providers/matches/${value}`),
        }))}
        onChange={(value) => write({ attribute: (value ?? 'none') as ProviderDraft['attribute'] })}
        data-testid="provider-match"
      />
      {draft.attribute !== 'none' && (
        <TextInput
          label={t(draft.protocol === 'saml' ? 'providers/attribute' : 'providers/claim')}
          value={draft.claim}
          maxLength={256}
          required
          onChange={({ currentTarget }) => write({ claim: currentTarget.value })}
          data-testid="provider-claim"
        />
      )}
    </>
  );
}
