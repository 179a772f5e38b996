import { Alert, Button, Stack, Text } from '@mantine/core';
import { CircleAlert, RotateCw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf, sayFault } from './faults.js';

/** In place of what could not be fetched. */
export function FaultState({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  const code = codeOf(error);
  return (
    <Stack align="center" gap="xs" py={48} px="md" role="alert" data-testid="fault">
      <CircleAlert size={28} color="var(--danger)" aria-hidden />
      <Text fw={600}>{t('common/errorTitle')}</Text>
      <Text c="dimmed" ta="center">
        {sayFault(t, error)}
      </Text>
      {code && (
        <Text c="dimmed" size="xs" className="code">
          {t('common/errorCode', { code })}
        </Text>
      )}
      <Button variant="default" leftSection={<RotateCw size={16} />} onClick={retry} data-testid="retry">
        {t('common/retry')}
      </Button>
    </Stack>
  );
}

/** In place of an empty list: what would be here, and what to do. */
export function EmptyState(props: { icon: LucideIcon; title: string; hint: string; action?: ReactNode }) {
  const { icon: Icon, title, hint, action } = props;
  return (
    <Stack align="center" gap="xs" py={48} px="md" data-testid="empty">
      <Icon size={28} color="var(--text-secondary)" aria-hidden />
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" ta="center">
        {hint}
      </Text>
      {action}
    </Stack>
  );
}

/** A fault of something the reader just did. */
export function FaultNote({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  const code = codeOf(error);
  return (
    <Alert className="fault-note" icon={<CircleAlert size={18} />} role="alert" data-testid="fault-note">
      {sayFault(t, error)}
      {code && (
        <Text size="xs" c="dimmed" className="code">
          {t('common/errorCode', { code })}
        </Text>
      )}
    </Alert>
  );
}
