import { Button, Group, Text } from '@mantine/core';
import type { Export, ExportFile } from '#contracts';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.js';
import { useFormats } from '../parts/format.js';
import { announce } from '../parts/notices.js';
import { FaultNote } from '../parts/states.js';
import { download } from './download.js';

export function ExportFiles({ one, mayDownload }: { one: Export; mayDownload: boolean }) {
  const { t } = useTranslation();
  const { size } = useFormats();
  const fetching = useMutation({
    mutationFn: async (files: ExportFile[]) => {
      for (const file of files) {
        await download(one.id, file);
        announce(t('exports/downloaded', { name: file.name }));
      }
    },
  });
  const isFetching = (file: ExportFile) => fetching.isPending && fetching.variables.includes(file);
  return (
    <section>
      <Group justify="space-between">
        <h3 className="section-title">{t('exports/files')}</h3>
        {mayDownload && (
          <Button
            size="xs"
            variant="light"
            leftSection={<Download size={14} />}
            disabled={fetching.isPending}
            onClick={() => fetching.mutate(one.files)}
            data-testid="download-all"
          >
            {t('exports/downloadAll')}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {t('exports/verifyHint')}
      </Text>
      <FaultNote error={fetching.error} />
      {one.files.map((file) => (
        <div key={file.name} className="file">
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Text fw={500}>{file.name}</Text>
              <Text size="xs" c="dimmed">
                {size(file.size)}
              </Text>
            </div>
            {mayDownload && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Download size={14} />}
                loading={isFetching(file)}
                disabled={fetching.isPending}
                onClick={() => fetching.mutate([file])}
                data-testid={`download-${file.name}`}
              >
                {t('exports/download')}
              </Button>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Text size="xs" c="dimmed" className="code">
              {t('exports/digest')} {file.sha256}
            </Text>
            <CopyButton text={file.sha256} />
          </Group>
        </div>
      ))}
    </section>
  );
}
