import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  ChevronsUpDown,
  Languages,
  KeyRound,
  LogOut,
  MonitorSmartphone,
  Monitor,
  Moon,
  Sun,
  UserCog,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useAdministrator } from '../session/administrator.js';
import { MyFactors } from '../session/my-factors.js';
import { MyDevices } from '../session/my-devices.js';
import { changeLanguage } from '../words/words.js';

const schemes: ['light' | 'dark' | 'auto', LucideIcon][] = [
  ['light', Sun],
  ['dark', Moon],
  ['auto', Monitor],
];

export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const { displayName, role, signOut } = useAdministrator();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isOpen, devices] = useDisclosure(false);
  const [showsFactors, factors] = useDisclosure(false);
  return (
    <>
      <Menu position="top-start" width={208} shadow="md">
        <Menu.Target>
          <UnstyledButton className="who" data-testid="account-menu">
            <span className="role-face">
              <UserCog size={18} aria-hidden />
            </span>
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text truncate fw={500}>
                {displayName}
              </Text>
              {displayName !== t(`roles/${role}`) && (
                <Text truncate size="xs" c="dimmed" title={t(`roles/${role}`)}>
                  {t(`roles/${role}`)}
                </Text>
              )}
            </div>
            <ChevronsUpDown size={14} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('menu/scheme')}</Menu.Label>
          {schemes.map(([scheme, Icon]) => (
            <Menu.Item
              key={scheme}
              leftSection={<Icon size={16} />}
              onClick={() => setColorScheme(scheme)}
              aria-current={colorScheme === scheme || undefined}
              fw={colorScheme === scheme ? 600 : undefined}
              data-testid={`scheme-${scheme}`}
            >
              {t(`menu/${scheme}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<Languages size={16} />}
            onClick={() => void changeLanguage(i18n.language === 'en' ? 'zh-CN' : 'en')}
            data-testid="language"
          >
            {t('language/other')}
          </Menu.Item>
          <Menu.Item
            leftSection={<MonitorSmartphone size={16} />}
            onClick={devices.open}
            data-testid="my-devices"
          >
            {t('devices/mine')}
          </Menu.Item>
          <Menu.Item leftSection={<KeyRound size={16} />} onClick={factors.open} data-testid="my-factors">
            {t('factors/title')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<LogOut size={16} />} onClick={signOut} data-testid="sign-out">
            {t('menu/signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MyDevices opened={isOpen} close={devices.close} />
      <MyFactors opened={showsFactors} close={factors.close} />
    </>
  );
}
