import { Alert, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { limits, newId, type PersonSummary } from '#contracts';
import { PeoplePicker } from '../people/people-picker.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { beginDirect, beginGroup } from './begin.js';

interface Opened {
  opened: boolean;
  onClose: () => void;
}

/** One person makes a direct conversation, more make a group. */
export function NewConversation({ opened, onClose }: Opened) {
  const { t } = useWords();
  return (
    <Modal opened={opened} onClose={onClose} title={t('create.title')} size={480} centered>
      <Form onDone={onClose} />
    </Modal>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { t, errorText } = useWords();
  const me = useMe();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<PersonSummary[]>([]);
  const [name, setName] = useState('');
  const clientId = useRef(newId());
  const isGroup = chosen.length > 1;
  const suggested = [me.displayName, ...chosen.map(({ displayName }) => displayName)].slice(0, 4).join('、');
  const begin = useMutation({
    mutationFn: () =>
      isGroup
        ? beginGroup(
            clientId.current,
            name.trim() || suggested.slice(0, limits.nameLength),
            chosen.map(({ id }) => id),
          )
        : beginDirect(chosen[0]!.id),
    onSuccess: ({ id }) => {
      onDone();
      navigate(`/c/${id}`);
    },
    // What was refused is not the act any more that is tried next.
    onError: () => {
      clientId.current = newId();
    },
  });
  return (
    <>
      <PeoplePicker chosen={chosen} onChange={setChosen} />
      {isGroup && (
        <TextInput
          mt="sm"
          label={t('create.groupName')}
          placeholder={suggested}
          value={name}
          maxLength={limits.nameLength}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="group-name"
        />
      )}
      {begin.isError && (
        <Alert color="red" mt="sm">
          {errorText(begin.error)}
        </Alert>
      )}
      <Group justify="space-between" mt="md">
        <Text size="xs" c="dimmed">
          {chosen.length > 0 ? t('create.chosen', { count: chosen.length }) : t('create.groupNameHint')}
        </Text>
        <Button
          disabled={chosen.length === 0}
          loading={begin.isPending}
          onClick={() => begin.mutate()}
          data-testid="create"
        >
          {isGroup ? t('create.group') : t('create.direct')}
        </Button>
      </Group>
    </>
  );
}
