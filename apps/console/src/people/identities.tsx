import { Button, Group, Select, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { newId, type LinkedIdentity } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote, FaultState } from '../parts/states.js';
import { http, refresh, useAnswer } from '../service.js';

/** Accounts of identity providers that belong to a person. */
export function Identities({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const params = { personId };
  const identities = useAnswer('personIdentities', { params });
  const providers = useAnswer('identityProviders', {});
  const unlinking = useMutation({
    mutationFn: ({ providerId }: LinkedIdentity) =>
      http.call('unlinkIdentity', { params: { personId, providerId } }),
    onSettled: () => refresh('personIdentities', 'personDevices'),
  });
  const error = identities.error ?? providers.error;
  if (error)
    return <FaultState error={error} retry={() => void refresh('personIdentities', 'identityProviders')} />;
  if (!identities.data || !providers.data) return <Skeleton height={48} />;
  const linked = new Set(identities.data.items.map(({ providerId }) => providerId));
  const others = providers.data.items.filter(({ id }) => !linked.has(id));
  return (
    <Stack gap="sm">
      {identities.data.items.map((one) => (
        <Group key={one.issuer} className="file" justify="space-between" wrap="nowrap" data-testid="identity">
          <div style={{ minWidth: 0 }}>
            <Text fw={500}>{one.provider}</Text>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {one.subject} · {t('providers/linkedAt', { time: time(one.linkedAt) })}
            </Text>
          </div>
          <Button variant="default" size="xs" onClick={() => unlinking.mutate(one)} data-testid="unlink">
            {t('providers/unlink')}
          </Button>
        </Group>
      ))}
      <FaultNote error={unlinking.error} />
      {identities.data.items.length === 0 && <Text className="quiet-note">{t('providers/noIdentity')}</Text>}
      {others.length > 0 && <LinkForm personId={personId} providers={others} />}
    </Stack>
  );
}

function LinkForm({ personId, providers }: { personId: string; providers: { id: string; name: string }[] }) {
  const { t } = useTranslation();
  const clientId = useMemo(() => newId(), []);
  const [providerId, setProviderId] = useState<string | null>(null);
  const [subject, setSubject] = useState('');
  const [reason, setReason] = useState('');
  const linking = useMutation({
    mutationFn: () =>
      http.call('linkIdentity', {
        params: { personId },
        body: { clientId, providerId: providerId!, subject: subject.trim(), reason: reason.trim() },
      }),
    onSuccess: () => announce(t('providers/linkAsked')),
  });
  if (linking.isSuccess) return <Text className="waiting-note">{t('providers/linkAsked')}</Text>;
  return (
    <>
      <Select
        label={t('providers/link')}
        value={providerId}
        data={providers.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setProviderId}
        data-testid="link-provider"
      />
      {providerId !== null && (
        <>
          <TextInput
            label={t('providers/subject')}
            description={t('providers/subjectHint')}
            value={subject}
            maxLength={255}
            onChange={({ currentTarget }) => setSubject(currentTarget.value)}
            data-testid="link-subject"
          />
          <Textarea
            label={t('block/reason')}
            autosize
            minRows={2}
            maxLength={1000}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            data-testid="link-reason"
          />
          <FaultNote error={linking.error} />
          <Group justify="flex-end">
            <Button
              variant="default"
              loading={linking.isPending}
              disabled={subject.trim() === '' || reason.trim().length < 5}
              onClick={() => linking.mutate()}
              data-testid="ask-link"
            >
              {t('providers/linkAsk')}
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
