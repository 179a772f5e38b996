import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNote } from './states.js';

interface ReasonFormProps {
  act: (reason: string) => void;
  label: string;
  hint?: string;
  isDangerous?: boolean;
  isPending: boolean;
  error: Error | null;
  /** What tests call the text and the button. */
  testIds: { reason: string; act: string };
}

/** Asks why before something is done or asked for; too short a reason is told when the button is pressed. */
export function ReasonForm({ act, label, hint, isDangerous, isPending, error, testIds }: ReasonFormProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const isShort = reason.trim().length < 5;
  return (
    <>
      <Textarea
        label={t('block/reason')}
        description={hint}
        autosize
        minRows={2}
        maxLength={1000}
        value={reason}
        error={isAsked && isShort && t('block/reasonShort')}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        data-testid={testIds.reason}
      />
      <FaultNote error={error} />
      <Group justify="flex-end">
        <Button
          variant="default"
          c={isDangerous ? 'var(--danger)' : undefined}
          loading={isPending}
          onClick={() => (isShort ? setIsAsked(true) : act(reason.trim()))}
          data-testid={testIds.act}
        >
          {label}
        </Button>
      </Group>
    </>
  );
}
