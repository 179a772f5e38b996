import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { DirectorySource } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { FaultNote } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { http } from '../service.js';
import { attributeOrder } from './reading-fields.js';
import { SourceState } from './source-state.js';
import { TestSteps } from './test-steps.js';

interface SourceDetailsProps {
  source: DirectorySource;
  edit: () => void;
}

/** How a directory is reached and read, trying it, changing and pausing it. */
export function SourceDetails({ source, edit }: SourceDetailsProps) {
  const { t } = useTranslation();
  const { settings } = source;
  const tried = useMutation({
    mutationFn: () => http.call('testDirectorySource', { body: { settings, sourceId: source.id } }),
  });
  return (
    <Stack gap="md" data-testid="source">
      {source.state === 'paused' && (
        <Text className="waiting-note">
          {t('sources/pausedNote')} <Link href="/sync">{t('sources/toSync')}</Link>
        </Text>
      )}
      {source.lookFault && (
        <Alert className="fault-note" role="alert" data-testid="look-fault">
          {t('sources/lookFault', { fault: source.lookFault })}
        </Alert>
      )}
      <Group gap="sm">
        <Button loading={tried.isPending} onClick={() => tried.mutate()} data-testid="source-try">
          {t('sources/try')}
        </Button>
        {source.origin === 'console' && (
          <Button
            variant="default"
            leftSection={<Pencil size={16} />}
            onClick={edit}
            data-testid="source-edit"
          >
            {t('sources/edit')}
          </Button>
        )}
        <SourceState key={source.state} source={source} />
      </Group>
      <FaultNote error={tried.error} />
      {tried.data && <TestSteps key={tried.submittedAt} steps={tried.data.steps} />}
      <SourceFacts source={source} />
    </Stack>
  );
}

function SourceFacts({ source }: { source: DirectorySource }) {
  const { t } = useTranslation();
  const { time, number } = useFormats();
  const { settings } = source;
  const { attributes } = settings;
  return (
    <>
      <Facts
        lines={[
          [t('sources/state'), <SourceStateTag key="state" state={source.state} />],
          [t('sources/kind'), t(`sources/kinds/${settings.kind}`)],
          [t('sources/people'), number(source.people)],
          [t('sources/origin'), t(`sources/origins/${source.origin}`)],
          [t('sources/hosts'), settings.hosts.map(({ host, port }) => `${host}:${port}`).join('\n')],
          [t('sources/security'), t(`sources/securities/${settings.security}`)],
          [t('sources/form/serverName'), settings.serverName],
          [t('sources/bindDn'), settings.bindDn],
          [t('sources/peopleBases'), settings.peopleBases.join('\n')],
          [t('sources/peopleFilter'), settings.peopleFilter],
          [t('sources/peopleGroups'), settings.peopleGroups.join('\n')],
          [t('sources/departmentBases'), settings.departmentBases.join('\n')],
          [t('sources/departmentsFilter'), settings.departmentsFilter],
          [t('sources/lookSeconds'), lookPace(settings, t)],
          [t('sources/lookedAt'), source.lookedAt ? time(source.lookedAt) : t('sources/never')],
          [t('sources/form/precedence'), number(settings.precedence)],
          [t('sources/form/protectedUsernames'), settings.protectedUsernames.join(', ')],
          [t('sources/changedAt'), time(source.changedAt)],
        ]}
      />
      <section>
        <h3 className="section-title">{t('sources/form/attributes')}</h3>
        <Facts
          lines={attributeOrder.map((name) => [t(`sources/form/attributeNames/${name}`), attributes[name]])}
        />
      </section>
      {source.origin === 'settings' && <Text className="quiet-note">{t('sources/fixed')}</Text>}
    </>
  );
}

export function SourceStateTag({ state }: Pick<DirectorySource, 'state'>) {
  const { t } = useTranslation();
  return <Tag tone={state === 'active' ? 'good' : 'waiting'}>{t(`sources/states/${state}`)}</Tag>;
}

function lookPace({ lookSeconds }: DirectorySource['settings'], t: TFunction): string {
  if (lookSeconds === null) return t('sources/lookSecondsSet');
  return lookSeconds === 0
    ? t('sources/lookSecondsNever')
    : t('sources/lookSecondsOf', { seconds: lookSeconds });
}
