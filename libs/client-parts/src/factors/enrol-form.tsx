import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { KeyRound, Smartphone } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { FactorKind, FactorOffer, NewFactor } from '#contracts';
import { useFactorFault, useFactorWords } from './surroundings.js';
import { canUsePasskeys, makePasskey } from './passkeys.js';
import { QrCode } from './qr-code.js';

interface EnrolFormProps {
  passkeyHost: string;
  offer: (kind: FactorKind) => Promise<FactorOffer>;
  add: (name: string, factor: NewFactor) => Promise<unknown>;
}

/** Sets a second factor up: an app or a passkey. */
export function EnrolForm({ passkeyHost, offer, add }: EnrolFormProps) {
  const words = useFactorWords();
  const faultOf = useFactorFault();
  const beginning = useMutation({ mutationFn: offer });
  const making = useMutation({
    mutationFn: async () => {
      const { options } = await offer('passkey');
      const answer = await makePasskey(options!);
      return add(words.kinds.passkey, { kind: 'passkey', answer });
    },
  });
  if (beginning.data) return <AppForm offer={beginning.data} add={add} />;
  const fault = faultOf(beginning.error ?? making.error);
  return (
    <Stack gap="sm">
      {fault && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      <Button
        size="md"
        leftSection={<Smartphone size={16} aria-hidden />}
        loading={beginning.isPending}
        onClick={() => beginning.mutate('totp')}
        data-testid="enrol-totp"
      >
        {words.addApp}
      </Button>
      {canUsePasskeys(passkeyHost) ? (
        <Button
          size="md"
          variant="default"
          leftSection={<KeyRound size={16} aria-hidden />}
          loading={making.isPending}
          onClick={() => making.mutate()}
          data-testid="enrol-passkey"
        >
          {words.addPasskey}
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {words.noPasskeys.replace('{{host}}', passkeyHost)}
        </Text>
      )}
    </Stack>
  );
}

function AppForm({ offer, add }: { offer: FactorOffer; add: EnrolFormProps['add'] }) {
  const words = useFactorWords();
  const faultOf = useFactorFault();
  const [name, setName] = useState(words.kinds.totp);
  const [code, setCode] = useState('');
  const adding = useMutation({
    mutationFn: () => add(name.trim(), { kind: 'totp', code: code.replaceAll(/\D/g, '') }),
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!adding.isPending) adding.mutate();
  };
  const fault = faultOf(adding.error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">{words.scan}</Text>
        <QrCode text={offer.uri!} label={words.qr} />
        <div>
          <Text size="xs" c="dimmed">
            {words.secret}
          </Text>
          <Code block style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }} data-testid="totp-secret">
            {offer.secret!.replaceAll(/(.{4})(?!$)/g, '$1 ')}
          </Code>
        </div>
        <TextInput
          label={words.name}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.enter.totp}
          value={code}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={7}
          autoFocus
          onChange={(event) => setCode(event.currentTarget.value)}
          data-testid="new-code"
        />
        {fault && (
          <Alert color="red" role="alert">
            {fault}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={adding.isPending}
            disabled={code.replaceAll(/\D/g, '').length !== 6 || name.trim() === ''}
            data-testid="add-factor"
          >
            {words.finish}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
