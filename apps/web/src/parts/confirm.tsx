import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useWords } from '../words/index.js';

export interface Question {
  title: string;
  /** What will change. */
  text: string;
  /** Missing where there is nothing to decide. */
  act?: () => Promise<unknown>;
  isDangerous?: boolean;
}

interface ConfirmProps {
  question: Question | undefined;
  onClose: () => void;
}

/** Says what will happen, and does it only then. */
export function Confirm({ question, onClose }: ConfirmProps) {
  return (
    <Modal opened={question !== undefined} onClose={onClose} title={question?.title} size="sm" centered>
      {question && <Body question={question} onClose={onClose} />}
    </Modal>
  );
}

function Body({
  question: { title, text, act, isDangerous },
  onClose,
}: {
  question: Question;
  onClose: () => void;
}) {
  const { t, errorText } = useWords();
  const acting = useMutation({ mutationFn: () => act?.() ?? Promise.resolve(), onSuccess: onClose });
  return (
    <>
      <Text>{text}</Text>
      {acting.isError && (
        <Alert color="red" mt="sm">
          {errorText(acting.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          {act ? t('common.cancel') : t('common.close')}
        </Button>
        {act && (
          <Button
            color={isDangerous ? 'red' : 'ink'}
            loading={acting.isPending}
            onClick={() => acting.mutate()}
            data-testid="confirm"
          >
            {title}
          </Button>
        )}
      </Group>
    </>
  );
}
