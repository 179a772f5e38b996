import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { copy } from '../parts/copy-button.js';
import { useTranslation } from 'react-i18next';

/** Codes that are shown once. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Stack gap="md" data-testid="recovery-codes">
      <Text size="sm">{t('factors/codesAbout')}</Text>
      <Code block style={{ columns: 2 }}>
        {codes.join('\n')}
      </Code>
      <Group justify="flex-end" gap="xs">
        <Button
          variant="default"
          leftSection={<Copy size={16} aria-hidden />}
          onClick={() => void copy(codes.join('\n')).then(setIsCopied)}
        >
          {isCopied ? t('factors/copied') : t('factors/copy')}
        </Button>
        <Button onClick={done} data-testid="codes-kept">
          {t('factors/codesKept')}
        </Button>
      </Group>
    </Stack>
  );
}
