import { Kbd, Modal, Table } from '@mantine/core';
import { useSettings } from '../settings/settings.js';
import { useWords } from '../words/index.js';

interface Opened {
  opened: boolean;
  onClose: () => void;
}

/** All keys on one card. */
export function KeysHelp({ opened, onClose }: Opened) {
  const { t } = useWords();
  const { sendKey } = useSettings();
  const keys: [string, string[]][] = [
    [t('keys.switcher'), ['Ctrl', 'K']],
    [t('keys.previous'), ['Alt', '↑']],
    [t('keys.next'), ['Alt', '↓']],
    [t('keys.previousUnread'), ['Alt', 'Shift', '↑']],
    [t('keys.nextUnread'), ['Alt', 'Shift', '↓']],
    [t('keys.escape'), ['Esc']],
    [t('keys.send'), sendKey === 'enter' ? ['Enter'] : ['Ctrl', 'Enter']],
    [t('keys.newline'), sendKey === 'enter' ? ['Shift', 'Enter'] : ['Enter']],
    [t('keys.help'), ['Ctrl', '/']],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} centered>
      <Table withRowBorders={false} verticalSpacing={6}>
        <Table.Tbody>
          {keys.map(([meaning, combination]) => (
            <Table.Tr key={meaning}>
              <Table.Td>{meaning}</Table.Td>
              <Table.Td ta="right">
                {combination.map((key, i) => (
                  <span key={key}>
                    {i > 0 && ' + '}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
