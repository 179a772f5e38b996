import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProviderDraft } from './provider-draft.js';

interface FieldsProps {
  draft: ProviderDraft;
  write: (part: Partial<ProviderDraft>) => void;
  isNew: boolean;
}

/** How a provider of OpenID Connect is reached. */
export function OpenIdFields({ draft, write, isNew }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('providers/issuer')}
        description={t('providers/issuerHint')}
        value={draft.issuer}
        type="url"
        maxLength={512}
        required
        onChange={({ currentTarget }) => write({ issuer: currentTarget.value })}
        data-testid="provider-issuer"
      />
      <TextInput
        label={t('providers/client')}
        value={draft.client}
        maxLength={256}
        required
        onChange={({ currentTarget }) => write({ client: currentTarget.value })}
        data-testid="provider-client"
      />
      <PasswordInput
        label={t('providers/secret')}
        description={t(isNew ? 'providers/secretHint' : 'providers/secretKept')}
        value={draft.secret}
        autoComplete="off"
        maxLength={1024}
        onChange={({ currentTarget }) => write({ secret: currentTarget.value })}
        data-testid="provider-secret"
      />
      <TextInput
        label={t('providers/scopes')}
        value={draft.scopes}
        onChange={({ currentTarget }) => write({ scopes: currentTarget.value })}
      />
    </>
  );
}

/** How a provider of SAML is reached, and by what its answers are known. */
export function SamlFields({ draft, write }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('providers/entityId')}
        value={draft.issuer}
        maxLength={512}
        required
        onChange={({ currentTarget }) => write({ issuer: currentTarget.value })}
        data-testid="provider-issuer"
      />
      <TextInput
        label={t('providers/signInUrl')}
        value={draft.signInUrl}
        type="url"
        maxLength={512}
        required
        onChange={({ currentTarget }) => write({ signInUrl: currentTarget.value })}
        data-testid="provider-sign-in-url"
      />
      <Textarea
        label={t('providers/certificates')}
        description={t('providers/certificatesHint')}
        value={draft.certificates}
        autosize
        minRows={4}
        maxRows={10}
        required
        classNames={{ input: 'code' }}
        onChange={({ currentTarget }) => write({ certificates: currentTarget.value })}
        data-testid="provider-certificates"
      />
      <TextInput
        label={t('providers/ourEntityId')}
        description={t('providers/ourEntityIdHint')}
        value={draft.client}
        maxLength={256}
        required
        onChange={({ currentTarget }) => write({ client: currentTarget.value })}
        data-testid="provider-client"
      />
    </>
  );
}
