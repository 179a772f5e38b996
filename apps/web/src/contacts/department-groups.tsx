import { Alert, Button, Checkbox, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { MessagesSquare, UsersRound } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { limits, newId, type DepartmentGroup } from '#contracts';
import { fetchOne } from '../conversations/book.js';
import { client, queries } from '../session/service.js';
import { useWords } from '../words/index.js';
import classes from './contacts.module.css';

const groupsKey = (departmentId: string) => ['department-groups', departmentId] as const;

interface DepartmentGroupsProps {
  departmentId: string;
  departmentName: string;
}

/** The way into the groups that follow a department, and for its head the making of one. */
export function DepartmentGroups({ departmentId, departmentName }: DepartmentGroupsProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const groups = useQuery({
    queryKey: groupsKey(departmentId),
    queryFn: () => client.call('departmentGroups', { params: { departmentId } }),
  });
  if (!groups.data) return null;
  const mine = groups.data.groups.filter(({ isMember }) => isMember);
  const mayMake = groups.data.mayAsk && groups.data.groups.length < 2;
  if (mine.length === 0 && !mayMake) return null;
  return (
    <div className={classes['groups']}>
      {mine.map(({ conversationId, withBelow }) => (
        <Button
          key={conversationId}
          variant="light"
          size="compact-sm"
          leftSection={<MessagesSquare size={15} aria-hidden />}
          onClick={() => navigate(`/c/${conversationId}`)}
          data-testid="department-group"
        >
          {withBelow ? t('contacts.departmentGroupBelow') : t('contacts.departmentGroup')}
        </Button>
      ))}
      {mayMake && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<UsersRound size={15} aria-hidden />}
          onClick={() => setAsking(true)}
          data-testid="make-department-group"
        >
          {t('contacts.makeGroup')}
        </Button>
      )}
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('contacts.makeGroup')}
        size={440}
        centered
      >
        <MakeGroup
          departmentId={departmentId}
          departmentName={departmentName}
          taken={groups.data.groups}
          onDone={() => setAsking(false)}
        />
      </Modal>
    </div>
  );
}

interface MakeGroupProps extends DepartmentGroupsProps {
  taken: readonly DepartmentGroup[];
  onDone: () => void;
}

function MakeGroup({ departmentId, departmentName, taken, onDone }: MakeGroupProps) {
  const { t, errorText } = useWords();
  const [, navigate] = useLocation();
  const [name, setName] = useState(departmentName.slice(0, limits.nameLength));
  const [isWithBelow, setWithBelow] = useState(taken.some(({ withBelow }) => !withBelow));
  const clientId = useRef(newId());
  const making = useMutation({
    mutationFn: () =>
      client.call('makeDepartmentGroup', {
        params: { departmentId },
        body: { clientId: clientId.current, name: name.trim(), withBelow: isWithBelow },
      }),
    onSuccess: async ({ conversationId, isMember }) => {
      await queries.invalidateQueries({ queryKey: groupsKey(departmentId) });
      if (!isMember) return;
      await fetchOne(conversationId);
      onDone();
      navigate(`/c/${conversationId}`);
    },
    // What was refused is not the act any more that is tried next.
    onError: () => {
      clientId.current = newId();
    },
  });
  if (making.data && !making.data.isMember) return <Text size="sm">{t('contacts.groupWaits')}</Text>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('contacts.makeGroupAbout')}
      </Text>
      <TextInput
        label={t('group.name')}
        value={name}
        maxLength={limits.nameLength}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid="department-group-name"
      />
      <Checkbox
        mt="sm"
        label={t('contacts.withBelow')}
        checked={isWithBelow}
        // Of each kind there is one.
        disabled={taken.length > 0}
        onChange={(event) => setWithBelow(event.currentTarget.checked)}
        data-testid="with-below"
      />
      {making.isError && (
        <Alert color="red" mt="sm">
          {errorText(making.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button type="submit" disabled={name.trim() === ''} loading={making.isPending} data-testid="make">
          {t('contacts.makeGroupAct')}
        </Button>
      </Group>
    </form>
  );
}
