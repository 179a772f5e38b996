import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { ArrowUp, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFields, type PartProps } from './form-parts.js';
import { anotherHost, withSecurity, type SourceDraft } from './source-draft.js';

const securities = ['ldaps', 'starttls', 'plain'] as const;
const hostsMost = 8;

/** Where the directory is and how the way there is protected. */
export function ServerFields(props: PartProps) {
  const { draft, change } = props;
  const { t } = useTranslation();
  const { fault, text } = useFields(props);
  return (
    <Fieldset legend={t('sources/form/servers')}>
      <Stack gap="md">
        <Hosts {...props} />
        <div>
          <SegmentedControl
            fullWidth
            aria-label={t('sources/security')}
            data={securities.map((value) => ({ value, label: t(`sources/securities/${value}`) }))}
            value={draft.security}
            onChange={(value) => change(withSecurity(draft, value as SourceDraft['security']))}
            data-testid="source-security"
          />
          <Text size="xs" c={draft.security === 'plain' ? 'var(--danger)' : 'dimmed'} mt={6}>
            {t(`sources/form/securityHints/${draft.security}`)}
          </Text>
        </div>
        {draft.security === 'plain' ? (
          <Checkbox
            label={t('sources/form/allowPlain')}
            checked={draft.allowPlain}
            error={fault('allowPlain')}
            onChange={({ currentTarget }) => change({ allowPlain: currentTarget.checked })}
            data-testid="source-allowPlain"
          />
        ) : (
          <>
            <Textarea
              label={t('sources/form/authorities')}
              description={t('sources/form/authoritiesHint')}
              placeholder="-----BEGIN CERTIFICATE-----"
              autosize
              minRows={2}
              maxRows={8}
              spellCheck={false}
              classNames={{ input: 'code' }}
              {...text('authorities')}
            />
            <TextInput
              label={t('sources/form/serverName')}
              description={t('sources/form/serverNameHint')}
              spellCheck={false}
              {...text('serverName')}
            />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

function Hosts({ draft, faults, change }: PartProps) {
  const { t } = useTranslation();
  const { hosts } = draft;
  const { fault } = useFields({ draft, faults, change });
  const put = (place: number, part: Partial<SourceDraft['hosts'][number]>) =>
    change({ hosts: hosts.map((host, i) => (i === place ? { ...host, ...part } : host)) });
  const raise = (place: number) =>
    change({
      hosts: [...hosts.slice(0, place - 1), hosts[place]!, ...hosts.toSpliced(place, 1).slice(place - 1)],
    });
  return (
    <Stack gap="sm">
      {hosts.map(({ host, port }, place) => (
        // Hosts have nothing but their place to tell them apart.
        <div key={place} className="host-line">
          <TextInput
            label={place === 0 && t('sources/form/host')}
            aria-label={t('sources/form/host')}
            value={host}
            error={fault(`hosts.${place}.host`)}
            spellCheck={false}
            placeholder="ldap.example.gov.cn"
            onChange={({ currentTarget }) => put(place, { host: currentTarget.value })}
            data-testid={`source-host-${place}`}
          />
          <NumberInput
            label={place === 0 && t('sources/form/port')}
            aria-label={t('sources/form/port')}
            value={port}
            error={fault(`hosts.${place}.port`)}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            onChange={(value) => put(place, { port: typeof value === 'number' ? value : '' })}
            data-testid={`source-port-${place}`}
          />
          {hosts.length > 1 && (
            <Group gap={4} wrap="nowrap" className="host-acts">
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={place === 0}
                aria-label={t('sources/form/raiseHost', { number: place + 1 })}
                title={t('sources/form/raiseHost', { number: place + 1 })}
                onClick={() => raise(place)}
              >
                <ArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('sources/form/removeHost', { number: place + 1 })}
                title={t('sources/form/removeHost', { number: place + 1 })}
                onClick={() => change({ hosts: hosts.toSpliced(place, 1) })}
              >
                <X size={16} />
              </ActionIcon>
            </Group>
          )}
        </div>
      ))}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {t('sources/form/hostsHint')}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Plus size={14} />}
          disabled={hosts.length >= hostsMost}
          onClick={() => change({ hosts: [...hosts, anotherHost(draft)] })}
          data-testid="source-add-host"
        >
          {t('sources/form/addHost')}
        </Button>
      </Group>
    </Stack>
  );
}
