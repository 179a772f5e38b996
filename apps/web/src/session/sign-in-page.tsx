import { Alert, Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { RefusedError } from '#client';
import { SecondFactorDemand } from '#contracts';
import { Mark } from '../parts/mark.js';
import { changeSettings } from '../settings/settings.js';
import { useWords, type Language } from '../words/index.js';
import { ProviderSignIn } from './provider-sign-in.js';
import { SecondStep } from './second-step.js';
import { signIn, signOut } from './session.js';
import classes from './sign-in.module.css';

/** First name and password, as in the directory of the organisation, then a second factor where one is needed. */
export function SignInPage({ wasEnded }: { wasEnded: boolean }) {
  const { t, language } = useWords();
  const [demand, setDemand] = useState<SecondFactorDemand>();
  return (
    <main className={classes['page']}>
      {demand ? (
        <div className={classes['card']}>
          <Mark size={48} />
          <SecondStep demand={demand} restart={() => setDemand(undefined)} />
        </div>
      ) : (
        <PasswordForm wasEnded={wasEnded} onDemand={setDemand} />
      )}
      <SegmentedControl
        size="xs"
        aria-label={t('settings.language')}
        value={language}
        onChange={(value) => changeSettings({ language: value as Language })}
        data={[
          { value: 'zh-CN', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
      />
    </main>
  );
}

interface PasswordFormProps {
  wasEnded: boolean;
  onDemand: (demand: SecondFactorDemand) => void;
}

function PasswordForm({ wasEnded, onDemand }: PasswordFormProps) {
  const { t, errorText } = useWords();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<unknown>();
  const attempt = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onMutate: () => setFault(undefined),
    onError: (error) => refused(error),
  });
  const refused = (error: unknown) => {
    const demand = demandIn(error);
    if (demand) onDemand(demand);
    else setFault(error);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate();
  };
  return (
    <form className={classes['card']} onSubmit={submit} aria-label={t('signIn.title')}>
      <Mark size={48} />
      <h1 className={classes['title']}>{t('signIn.title')}</h1>
      {wasEnded && fault === undefined && <Alert color="yellow">{t('signIn.ended')}</Alert>}
      {fault !== undefined && (
        <Alert color="red" role="alert" data-testid="sign-in-error">
          {errorText(fault)}
        </Alert>
      )}
      <TextInput
        label={t('signIn.username')}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        maxLength={256}
        size="md"
        data-testid="username"
      />
      <PasswordInput
        label={t('signIn.password')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        required
        withAsterisk={false}
        maxLength={1024}
        size="md"
        data-testid="password"
      />
      <Button type="submit" size="md" fullWidth loading={attempt.isPending} data-testid="sign-in">
        {t('signIn.submit')}
      </Button>
      <ProviderSignIn onRefused={refused} />
      <p className={classes['help']}>{t('signIn.help')}</p>
    </form>
  );
}

/** What a sign-in that is right so far still needs. */
function demandIn(error: unknown): SecondFactorDemand | undefined {
  if (!(error instanceof RefusedError) || error.code !== 'auth.second_factor_required') return undefined;
  return SecondFactorDemand.parse(error.details);
}

/** Administrators have no conversations; their place is the console. */
export function AdministratorNotice() {
  const { t } = useWords();
  return (
    <main className={classes['page']}>
      <div className={classes['card']}>
        <Mark size={48} />
        <p className={classes['title']}>{t('signIn.administrator')}</p>
        <Button component="a" href="/console/">
          {t('signIn.toConsole')}
        </Button>
        <Button variant="subtle" onClick={() => void signOut()}>
          {t('settings.signOut')}
        </Button>
      </div>
    </main>
  );
}
