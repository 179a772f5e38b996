import { Button, Group, Stack, Text } from '@mantine/core';
import { newId, type DirectorySource } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { http, refresh } from '../service.js';

/** Pausing the synchronisation of a directory and going on with it, after saying what that means. */
export function SourceState({ source }: { source: DirectorySource }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [isAsked, setAsked] = useState(false);
  const isPausing = source.state === 'active';
  const setState = useMutation({
    mutationFn: () =>
      http.call('pauseDirectorySource', {
        params: { sourceId: source.id },
        body: { clientId: newId(), state: isPausing ? 'paused' : 'active' },
      }),
    onSuccess: () => {
      announce(t(isPausing ? 'sources/paused' : 'sources/resumed'));
      setAsked(false);
      return refresh('directorySources');
    },
  });
  if (!isAsked) {
    return (
      <Button
        variant="default"
        {...(isPausing && { c: 'var(--danger)' })}
        onClick={() => setAsked(true)}
        data-testid="source-state"
      >
        {t(isPausing ? 'sources/pause' : 'sources/resume')}
      </Button>
    );
  }
  return (
    <Stack gap="sm" w="100%">
      <Text className="waiting-note" data-testid="source-state-hint">
        {isPausing ? t('sources/pauseHint', { number: number(source.people) }) : t('sources/resumeHint')}
      </Text>
      <FaultNote error={setState.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={() => setAsked(false)}>
          {t('common/cancel')}
        </Button>
        <Button
          {...(isPausing && { color: 'red' })}
          loading={setState.isPending}
          onClick={() => setState.mutate()}
          data-testid="source-state-confirm"
        >
          {t(isPausing ? 'sources/pauseConfirm' : 'sources/resumeConfirm')}
        </Button>
      </Group>
    </Stack>
  );
}
