import { Alert, Button, Divider, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { LogIn } from 'lucide-react';
import { useEffect, useState } from 'react';
import { RefusedError } from '#client';
import { apiBase, errorCodes, type ErrorCode } from '#contracts';
import { useWords } from '../words/index.js';
import { client } from './service.js';
import { enterFromProvider } from './session.js';

/** What the address says of a sign-in with a provider; it is taken out of the address with the first look. */
function outcomeInAddress(): 'back' | ErrorCode | undefined {
  const said = new URLSearchParams(location.hash.slice(1));
  const refused = said.get('sign-in-refused');
  const isBack = said.get('sign-in') === 'provider';
  if (refused === null && !isBack) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (isBack) return 'back';
  return errorCodes.find((code) => code === refused) ?? 'internal';
}

/** Taken once, by whoever looks first. */
let outcome = outcomeInAddress();

/** Buttons of identity providers, and going on with a sign-in that came back from one. */
export function ProviderSignIn({ onRefused }: { onRefused: (error: unknown) => void }) {
  const { t } = useWords();
  const [isComing, setIsComing] = useState(outcome === 'back');
  useEffect(() => {
    const taken = outcome;
    outcome = undefined;
    if (taken === 'back') {
      void enterFromProvider()
        .catch(onRefused)
        .finally(() => setIsComing(false));
    } else if (taken) onRefused(new RefusedError(taken));
  }, [onRefused]);
  const providers = useQuery({
    queryKey: ['signInProviders'],
    queryFn: () => client.call('signInProviders', {}),
  });
  if (isComing) return <Alert color="ink">{t('signIn.coming')}</Alert>;
  if (!providers.data || providers.data.items.length === 0) return null;
  return (
    <Stack gap="xs">
      <Divider label={t('signIn.or')} labelPosition="center" />
      {providers.data.items.map(({ id, name }) => (
        <Button
          key={id}
          component="a"
          href={`${apiBase}/auth/providers/${id}/begin`}
          variant="default"
          size="md"
          leftSection={<LogIn size={16} aria-hidden />}
          data-testid="provider"
        >
          {t('signIn.withProvider', { name })}
        </Button>
      ))}
    </Stack>
  );
}
