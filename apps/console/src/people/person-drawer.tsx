import { Group, Skeleton, Stack, Text } from '@mantine/core';
import type { AdminPerson, Person } from '#contracts';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { PersonFace } from '../parts/person-face.js';
import { FaultState } from '../parts/states.js';
import { Tag } from '../parts/tag.js';
import { GroupHandOver } from './group-hand-over.js';
import { PersonAccess } from './person-access.js';
import { useAnswer } from '../service.js';

interface PersonDrawerProps {
  personId: string | undefined;
  /** The row that was opened, where the list has it. */
  summary: AdminPerson | undefined;
  close: () => void;
}

export function PersonDrawer({ personId, summary, close }: PersonDrawerProps) {
  const { data, error, refetch } = useAnswer(
    'person',
    { params: { personId: personId ?? '' } },
    { enabled: personId !== undefined },
  );
  const shown = data ?? summary;
  return (
    <DetailDrawer opened={personId !== undefined} close={close} title={shown?.displayName ?? '…'}>
      {error && !data ? (
        <FaultState error={error} retry={() => void refetch()} />
      ) : data ? (
        <Card person={data} changedAt={summary?.changedAt} />
      ) : (
        <Stack>
          <Skeleton height={64} circle />
          <Skeleton height={240} />
        </Stack>
      )}
    </DetailDrawer>
  );
}

function Card({ person, changedAt }: { person: Person; changedAt: string | undefined }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  return (
    <div data-testid="person-card">
      <Group mb="md" wrap="nowrap">
        <PersonFace person={person} size={64} />
        <div>
          <Text fw={600}>{person.displayName}</Text>
          <Text c="dimmed">{person.title}</Text>
        </div>
      </Group>
      <Facts
        lines={[
          [
            t('people/state'),
            <Tag key="state" tone={person.active ? 'good' : 'quiet'}>
              {person.active ? t('people/active') : t('people/disabled')}
            </Tag>,
          ],
          [t('people/username'), person.username],
          [
            t('people/givenName'),
            person.displayName.includes(person.givenName ?? '') ? null : person.givenName,
          ],
          [t('people/staffNumber'), person.staffNumber],
          [t('people/email'), person.email],
          [t('people/phone'), person.phone],
          [t('people/mobile'), person.mobile],
          [t('people/manager'), person.manager?.displayName],
          [t('people/changedAt'), changedAt && time(changedAt)],
          [
            t('people/id'),
            <span key="id" className="code">
              {person.id} <CopyButton text={person.id} />
            </span>,
          ],
        ]}
      />
      {person.posts.length > 0 && <h3 className="section-title">{t('people/posts')}</h3>}
      {person.posts.map((post) => (
        <div key={post.departmentId} className="file">
          <Group gap="xs">
            <Text fw={500}>{post.title ?? t('common/none')}</Text>
            {post.main && <Tag tone="accent">{t('people/main')}</Tag>}
          </Group>
          <Text size="xs" c="dimmed">
            {post.path.join(' › ')}
          </Text>
        </div>
      ))}
      {person.kind === 'person' && !person.active && <GroupHandOver personId={person.id} />}
      {person.kind === 'person' && <PersonAccess personId={person.id} />}
    </div>
  );
}
