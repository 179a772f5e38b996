import { Alert, Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { limits, type Conversation } from '#contracts';
import { useWords } from '../words/index.js';
import { rename } from './changes.js';

interface DialogProps {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
}

export function RenameGroup({ conversation, opened, onClose }: DialogProps) {
  const { t } = useWords();
  return (
    <Modal opened={opened} onClose={onClose} title={t('group.rename')} size="sm" centered>
      <Form conversation={conversation} onDone={onClose} />
    </Modal>
  );
}

function Form({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const { t, errorText } = useWords();
  const [name, setName] = useState(conversation.name ?? '');
  const renaming = useMutation({ mutationFn: () => rename(conversation, name.trim()), onSuccess: onDone });
  const isSame = name.trim() === '' || name.trim() === conversation.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isSame) renaming.mutate();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t('group.name')}
        value={name}
        maxLength={limits.nameLength}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        data-testid="group-name"
      />
      {renaming.isError && (
        <Alert color="red" mt="sm">
          {errorText(renaming.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button type="submit" disabled={isSame} loading={renaming.isPending}>
          {t('common.save')}
        </Button>
      </Group>
    </form>
  );
}
