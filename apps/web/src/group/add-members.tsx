import { Alert, Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Conversation, PersonSummary } from '#contracts';
import { PeoplePicker } from '../people/people-picker.js';
import { useWords } from '../words/index.js';
import { addMembers } from './changes.js';
import { useMembers } from './members.js';

interface DialogProps {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
}

export function AddMembers({ conversation, opened, onClose }: DialogProps) {
  const { t } = useWords();
  return (
    <Modal opened={opened} onClose={onClose} title={t('group.addTitle')} size={480} centered>
      <Form conversation={conversation} onDone={onClose} />
    </Modal>
  );
}

function Form({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const { t, errorText } = useWords();
  const [chosen, setChosen] = useState<PersonSummary[]>([]);
  const members = useMembers(conversation);
  const excluded = useMemo(() => new Set(members.data?.map(({ person }) => person.id)), [members.data]);
  const adding = useMutation({
    mutationFn: () =>
      addMembers(
        conversation,
        chosen.map(({ id }) => id),
      ),
    onSuccess: onDone,
  });
  return (
    <>
      <PeoplePicker chosen={chosen} onChange={setChosen} excluded={excluded} />
      {adding.isError && (
        <Alert color="red" mt="sm">
          {errorText(adding.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button
          disabled={chosen.length === 0}
          loading={adding.isPending}
          onClick={() => adding.mutate()}
          data-testid="add"
        >
          {t('group.add')}
        </Button>
      </Group>
    </>
  );
}
