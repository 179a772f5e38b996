import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '../copy.js';
import { useFactorWords } from './surroundings.js';

/** Codes that are shown once. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const words = useFactorWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Stack gap="md" data-testid="recovery-codes">
      <Text size="sm">{words.codesAbout}</Text>
      <Code block style={{ columns: 2 }}>
        {codes.join('\n')}
      </Code>
      <Group justify="flex-end" gap="xs">
        <Button
          variant="default"
          leftSection={<Copy size={16} aria-hidden />}
          onClick={() => void copyText(codes.join('\n')).then(setIsCopied)}
        >
          {isCopied ? words.copied : words.copy}
        </Button>
        <Button onClick={done} data-testid="codes-kept">
          {words.codesKept}
        </Button>
      </Group>
    </Stack>
  );
}
