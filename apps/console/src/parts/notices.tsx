import { CloseButton, Group, Paper, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const shownMs = 4000;
let notice: { text: string } | undefined;
const listeners = new Set<() => void>();

function set(next: typeof notice): void {
  notice = next;
  for (const tell of listeners) tell();
}

/** Says for some seconds that something worked. Faults stand where they happened instead. */
export const announce = (text: string): void => set({ text });

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export function Notices() {
  const { t } = useTranslation();
  const current = useSyncExternalStore(subscribe, () => notice);
  useEffect(() => {
    if (!current) return undefined;
    const timer = setTimeout(() => set(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div className="notices" role="status" aria-live="polite">
      {current && (
        <Paper shadow="md" p="sm" withBorder data-testid="notice">
          <Group gap="sm" wrap="nowrap">
            <CircleCheck size={18} color="var(--good)" aria-hidden />
            <Text>{current.text}</Text>
            <CloseButton size="sm" aria-label={t('common/close')} onClick={() => set(undefined)} />
          </Group>
        </Paper>
      )}
    </div>
  );
}
