import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { newId, type DirectorySource, type DirectoryTestStep } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { Tag, type Tone } from '../parts/tag.js';
import { http, refresh } from '../service.js';

/** How a directory is reached and read, trying it, pausing it. */
export function SourceDetails({ source }: { source: DirectorySource }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  const { settings } = source;
  const next = source.state === 'active' ? 'paused' : 'active';
  const setState = useMutation({
    mutationFn: () =>
      http.call('pauseDirectorySource', {
        params: { sourceId: source.id },
        body: { clientId: newId(), state: next },
      }),
    onSuccess: () => {
      announce(t(next === 'paused' ? 'sources/paused' : 'sources/resumed'));
      return refresh('directorySources');
    },
  });
  const tried = useMutation({
    mutationFn: () => http.call('testDirectorySource', { body: { settings, sourceId: source.id } }),
  });
  return (
    <Stack gap="md" data-testid="source">
      <Facts
        lines={[
          [t('sources/state'), t(`sources/states/${source.state}`)],
          [t('sources/kind'), t(`sources/kinds/${settings.kind}`)],
          [t('sources/origin'), t(`sources/origins/${source.origin}`)],
          [t('sources/hosts'), settings.hosts.map(({ host, port }) => `${host}:${port}`).join(', ')],
          [t('sources/security'), t(`sources/securities/${settings.security}`)],
          [t('sources/bindDn'), settings.bindDn],
          [t('sources/peopleBases'), settings.peopleBases.join('; ')],
          [t('sources/peopleFilter'), settings.peopleFilter],
          [t('sources/departmentBases'), settings.departmentBases.join('; ')],
          [t('sources/departmentsFilter'), settings.departmentsFilter],
          [t('sources/peopleGroups'), settings.peopleGroups.join('; ')],
          [t('sources/lookSeconds'), lookPace(settings, t)],
          [t('sources/lookedAt'), source.lookedAt ? time(source.lookedAt) : t('sources/never')],
          [t('sources/changedAt'), time(source.changedAt)],
        ]}
      />
      {source.lookFault && (
        <Alert className="fault-note" role="alert" data-testid="look-fault">
          {t('sources/lookFault', { fault: source.lookFault })}
        </Alert>
      )}
      <FaultNote error={setState.error ?? tried.error} />
      <Group>
        <Button loading={tried.isPending} onClick={() => tried.mutate()} data-testid="source-try">
          {t('sources/try')}
        </Button>
        <Button
          variant="default"
          loading={setState.isPending}
          onClick={() => setState.mutate()}
          data-testid="source-state"
        >
          {t(next === 'paused' ? 'sources/pause' : 'sources/resume')}
        </Button>
      </Group>
      {tried.data?.steps.map((step) => (
        <Step key={`${step.step} ${step.host}`} step={step} />
      ))}
    </Stack>
  );
}

function lookPace({ lookSeconds }: DirectorySource['settings'], t: TFunction): string {
  if (lookSeconds === null) return t('sources/lookSecondsSet');
  return lookSeconds === 0
    ? t('sources/lookSecondsNever')
    : t('sources/lookSecondsOf', { seconds: lookSeconds });
}

const tones: Record<DirectoryTestStep['outcome'], Tone> = {
  right: 'good',
  wrong: 'danger',
  skipped: 'quiet',
};

function Step({ step }: { step: DirectoryTestStep }) {
  const { t } = useTranslation();
  return (
    <div className="file" data-testid="source-step">
      <div>
        <Tag tone={tones[step.outcome]}>{t(`sources/outcomes/${step.outcome}`)}</Tag>{' '}
        {t(`sources/steps/${step.step}`)} {step.host}
      </div>
      {step.fault && <Text>{t(`sources/faults/${step.fault}`)}</Text>}
      <Text size="xs" c="dimmed" className="code">
        {[step.detail, ...step.samples].filter(Boolean).join(' · ')}
      </Text>
    </div>
  );
}
