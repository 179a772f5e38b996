import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { RefusedError } from '#client';
import { SecondFactorDemand, type Me } from '#contracts';
import { Languages } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import mark from '../mark.svg';
import { FaultNote } from '../parts/states.js';
import { session } from '../service.js';
import { SecondStep } from './second-step.js';
import { changeLanguage } from '../words/words.js';

interface SignInProps {
  /** The last session ended by itself. */
  isOver: boolean;
  signedIn: (me: Me) => void;
}

export function SignIn({ isOver, signedIn }: SignInProps) {
  const { t, i18n } = useTranslation();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [state, setState] = useState<{ busy?: boolean; error?: unknown; notAdministrator?: boolean }>({});
  const [demand, setDemand] = useState<SecondFactorDemand>();

  const signIn = async () => {
    setState({ busy: true });
    try {
      await enter(await session.signIn({ username: username.trim(), password, deviceName: deviceName() }));
    } catch (error) {
      const isDemand = error instanceof RefusedError && error.code === 'auth.second_factor_required';
      if (isDemand) setDemand(SecondFactorDemand.parse(error.details));
      setState(isDemand ? {} : { error });
    }
  };
  const enter = async (me: Me) => {
    if (me.role) return signedIn(me);
    await session.signOut();
    setDemand(undefined);
    setState({ notAdministrator: true });
    return undefined;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() !== '' && !state.busy) void signIn();
  };

  if (demand) {
    return (
      <div className="sign-in">
        <div className="panel">
          <SecondStep
            demand={demand}
            signedIn={(me) => void enter(me)}
            restart={() => setDemand(undefined)}
          />
        </div>
      </div>
    );
  }
  return (
    <div className="sign-in">
      <form className="panel" onSubmit={submit}>
        <Stack gap="md">
          <Group justify="space-between" align="flex-start">
            <img src={mark} width={40} height={40} alt="" />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('language/other')}
              title={t('language/other')}
              onClick={() => void changeLanguage(i18n.language === 'en' ? 'zh-CN' : 'en')}
              data-testid="language"
            >
              <Languages size={18} />
            </ActionIcon>
          </Group>
          <div>
            <Title order={1}>{t('signIn/title')}</Title>
            <Text c="dimmed">{t('signIn/purpose')}</Text>
          </div>
          {isOver && !state.error && (
            <Text className="waiting-note" role="status">
              {t('signIn/over')}
            </Text>
          )}
          <TextInput
            label={t('signIn/username')}
            autoComplete="username"
            autoFocus
            value={username}
            onChange={({ currentTarget }) => setUsername(currentTarget.value)}
            data-testid="username"
          />
          <PasswordInput
            label={t('signIn/password')}
            autoComplete="current-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            data-testid="password"
          />
          <FaultNote error={state.error} />
          {state.notAdministrator && (
            <Text className="waiting-note" role="alert" data-testid="not-administrator">
              {t('signIn/notAdministrator')} <Anchor href="/">{t('signIn/openClient')}</Anchor>
            </Text>
          )}
          <Button type="submit" loading={state.busy} disabled={username.trim() === ''} data-testid="sign-in">
            {t('signIn/submit')}
          </Button>
        </Stack>
      </form>
    </div>
  );
}

/** Shown in the list of devices. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\//.test(agent)
        ? 'Chrome'
        : 'Safari';
  const system = /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : 'Linux';
  return `${browser}, ${system}`;
}
