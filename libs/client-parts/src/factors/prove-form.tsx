import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { FreshProof, ProofKind } from '#contracts';
import { useFactorFault, useFactorWords } from './surroundings.js';
import { askPasskey, canUsePasskeys } from './passkeys.js';

interface ProveFormProps {
  methods: readonly ProofKind[];
  passkeyHost: string;
  /** Options for a passkey, from the service. */
  passkeyOptions: () => Promise<{ options: Record<string, unknown> }>;
  prove: (proof: FreshProof) => Promise<unknown>;
}

type Typed = 'totp' | 'recovery' | 'password';

/** Asks for one of the proofs an account can give. */
export function ProveForm({ methods, passkeyHost, passkeyOptions, prove }: ProveFormProps) {
  const words = useFactorWords();
  const faultOf = useFactorFault();
  const typed = (['totp', 'password', 'recovery'] as const).filter((kind) => methods.includes(kind));
  const hasPasskey = methods.includes('passkey') && canUsePasskeys(passkeyHost);
  const [kind, setKind] = useState<Typed>(typed[0] ?? 'recovery');
  const [text, setText] = useState('');
  const proving = useMutation({
    mutationFn: async (proof: FreshProof | 'passkey') =>
      prove(proof === 'passkey' ? await passkeyProof(passkeyOptions) : proof),
    onError: () => setText(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!proving.isPending && text.trim() !== '') proving.mutate(typedProof(kind, text));
  };
  const isHidden = hasPasskey && kind === 'recovery' && !methods.includes('totp') && text === '';
  const [isRecovering, setIsRecovering] = useState(false);
  const change = (next: Typed) => {
    setKind(next);
    setText('');
    setIsRecovering(next === 'recovery');
    proving.reset();
  };
  const fault = faultOf(proving.error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {fault && (
          <Alert color="red" role="alert" data-testid="proof-error">
            {fault}
          </Alert>
        )}
        {hasPasskey && (
          <Button
            size="md"
            leftSection={<KeyRound size={16} aria-hidden />}
            loading={proving.isPending && proving.variables === 'passkey'}
            onClick={() => proving.mutate('passkey')}
            data-testid="use-passkey"
          >
            {words.usePasskey}
          </Button>
        )}
        {(!isHidden || isRecovering) && (
          <>
            <ProofInput kind={kind} value={text} onChange={setText} />
            <Button
              type="submit"
              size="md"
              variant={hasPasskey ? 'default' : 'filled'}
              loading={proving.isPending && proving.variables !== 'passkey'}
              disabled={text.trim() === ''}
              data-testid="prove"
            >
              {words.continue}
            </Button>
          </>
        )}
        <Others typed={typed} current={isHidden && !isRecovering ? undefined : kind} change={change} />
      </Stack>
    </form>
  );
}

function ProofInput({
  kind,
  value,
  onChange,
}: {
  kind: Typed;
  value: string;
  onChange: (text: string) => void;
}) {
  const words = useFactorWords();
  const common = {
    value,
    size: 'md' as const,
    autoFocus: true,
    key: kind,
    label: words.enter[kind],
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    'data-testid': 'proof',
  };
  if (kind === 'password')
    return <PasswordInput {...common} autoComplete="current-password" maxLength={1024} />;
  if (kind === 'recovery')
    return <TextInput {...common} autoComplete="off" spellCheck={false} maxLength={64} />;
  return <TextInput {...common} autoComplete="one-time-code" inputMode="numeric" maxLength={7} />;
}

function Others({
  typed,
  current,
  change,
}: {
  typed: readonly Typed[];
  current: Typed | undefined;
  change: (kind: Typed) => void;
}) {
  const words = useFactorWords();
  return typed
    .filter((kind) => kind !== current)
    .map((kind) => (
      <Text key={kind} size="sm" ta="center">
        <Anchor component="button" type="button" onClick={() => change(kind)} data-testid={`instead-${kind}`}>
          {words.instead[kind]}
        </Anchor>
      </Text>
    ));
}

const typedProof = (kind: Typed, text: string): FreshProof =>
  kind === 'password'
    ? { kind, password: text }
    : { kind, code: kind === 'totp' ? text.replaceAll(/\D/g, '') : text };

const passkeyProof = async (passkeyOptions: ProveFormProps['passkeyOptions']): Promise<FreshProof> => ({
  kind: 'passkey',
  answer: await askPasskey((await passkeyOptions()).options),
});
