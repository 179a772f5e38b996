import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '../parts/copy.js';
import { useWords } from '../words/index.js';

/** Codes that are shown once. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const { t } = useWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Stack gap="md" data-testid="recovery-codes">
      <Text size="sm">{t('factors.codesAbout')}</Text>
      <Code block style={{ columns: 2 }}>
        {codes.join('\n')}
      </Code>
      <Group justify="flex-end" gap="xs">
        <Button
          variant="default"
          leftSection={<Copy size={16} aria-hidden />}
          onClick={() => void copyText(codes.join('\n')).then(() => setIsCopied(true))}
        >
          {isCopied ? t('factors.copied') : t('factors.copy')}
        </Button>
        <Button onClick={done} data-testid="codes-kept">
          {t('factors.codesKept')}
        </Button>
      </Group>
    </Stack>
  );
}
