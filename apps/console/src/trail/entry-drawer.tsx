import { Button, Group, Stack, Text } from '@mantine/core';
import type { AuditEntry } from '#contracts';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.js';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { Facts } from '../parts/facts.js';
import { useFormats } from '../parts/format.js';
import { useEntryWords } from './entry-words.js';

interface EntryDrawerProps {
  entry: AuditEntry | undefined;
  close: () => void;
  only: (filter: { actor: string } | { action: string } | { object: string }) => void;
}

export function EntryDrawer({ entry, close, only }: EntryDrawerProps) {
  const words = useEntryWords();
  return (
    <DetailDrawer opened={entry !== undefined} close={close} title={entry ? words.action(entry.action) : ''}>
      {entry && <Entry entry={entry} only={only} />}
    </DetailDrawer>
  );
}

function Entry({ entry, only }: { entry: AuditEntry; only: EntryDrawerProps['only'] }) {
  const { t } = useTranslation();
  const { time, number } = useFormats();
  const words = useEntryWords();
  const { actorId, action, objectId } = entry;
  const id = (text: string | null) =>
    text && (
      <span className="code">
        {text} <CopyButton text={text} />
      </span>
    );
  const details = Object.entries(entry.details);
  return (
    <Stack gap="md" data-testid="entry">
      <Facts
        lines={[
          [t('trail/seq'), number(entry.seq)],
          [t('trail/at'), time(entry.at)],
          [
            t('trail/action'),
            <div key="action">
              {words.action(action)}
              <Text size="xs" c="dimmed" className="code">
                {action}
              </Text>
            </div>,
          ],
          [t('trail/outcome'), t(`trail/outcomes/${entry.outcome}`)],
          [t('trail/actor'), `${words.actor(entry)} (${t(`trail/actorKinds/${entry.actorKind}`)})`],
          [t('trail/role'), entry.role && words.role(entry.role)],
          [t('trail/actorId'), id(actorId)],
          [t('trail/address'), entry.address],
          [t('trail/object'), entry.objectKind && words.object(entry.objectKind)],
          [t('trail/objectId'), id(objectId)],
        ]}
      />
      <Group gap="xs">
        {actorId && (
          <Button size="xs" variant="default" onClick={() => only({ actor: actorId })}>
            {t('trail/onlyActor')}
          </Button>
        )}
        {objectId && (
          <Button size="xs" variant="default" onClick={() => only({ object: objectId })}>
            {t('trail/onlyObject')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => only({ action })}>
          {t('trail/onlyAction')}
        </Button>
      </Group>
      <section>
        <h3 className="section-title">{t('trail/details')}</h3>
        {details.length === 0 ? (
          <Text c="dimmed">{t('trail/noDetails')}</Text>
        ) : (
          <Facts lines={details.map(([name, value]) => words.detail(name, value))} />
        )}
      </section>
    </Stack>
  );
}
