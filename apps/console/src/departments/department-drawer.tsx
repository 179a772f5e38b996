import { Anchor, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { CopyButton } from '../parts/copy-button.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { PersonFace } from '../parts/person-face.js';
import { FaultState } from '../parts/states.js';
import { useAnswer } from '../service.js';
import { useAdministrator } from '../session/administrator.js';
import { DepartmentGroups } from './department-groups.js';

const peopleShown = 20;

interface DepartmentDrawerProps {
  departmentId: string | undefined;
  close: () => void;
}

export function DepartmentDrawer({ departmentId, close }: DepartmentDrawerProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { role } = useAdministrator();
  const enabled = departmentId !== undefined;
  const { data, error, refetch } = useAnswer(
    'department',
    { params: { departmentId: departmentId ?? '' } },
    { enabled },
  );
  return (
    <DetailDrawer opened={enabled} close={close} title={data?.name ?? '…'}>
      {error && !data && <FaultState error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton height={240} />}
      {data && (
        <>
          <Facts
            lines={[
              [t('departments/path'), data.path.map(({ name }) => name).join(' › ')],
              [t('departments/people'), number(data.peopleCount)],
              [t('departments/children'), number(data.childCount)],
              [
                t('departments/id'),
                <span key="id" className="code">
                  {data.id} <CopyButton text={data.id} />
                </span>,
              ],
            ]}
          />
          <h3 className="section-title">{t('departments/members')}</h3>
          <MembersOf departmentId={data.id} />
          {role === 'system-admin' && <DepartmentGroups key={data.id} department={data} />}
        </>
      )}
    </DetailDrawer>
  );
}

function MembersOf({ departmentId }: { departmentId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAnswer('people', {
    query: { department: departmentId, limit: peopleShown },
  });
  if (error && !data) return <FaultState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={120} />;
  if (data.items.length === 0) return <Text c="dimmed">{t('departments/noMembers')}</Text>;
  return (
    <>
      {data.items.map((person) => (
        <div key={person.id} className="person file">
          <PersonFace person={person} />
          <div>
            <div>{person.displayName}</div>
            <Text size="xs" c="dimmed">
              {person.title}
            </Text>
          </div>
        </div>
      ))}
      <Anchor component={Link} href={`/people?department=${departmentId}`} mt="sm" display="inline-block">
        {t('departments/showPeople')}
      </Anchor>
    </>
  );
}
