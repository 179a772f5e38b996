import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DetailDrawerProps {
  opened: boolean;
  close: () => void;
  title: ReactNode;
  children: ReactNode;
  size?: number;
  /** What was entered is not lost by a click beside the drawer. */
  holdsInput?: boolean;
}

/** What a row opens. */
export function DetailDrawer({ opened, close, title, children, size = 480, holdsInput }: DetailDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size={`min(${size}px, 100vw)`}
      title={title}
      closeOnClickOutside={!holdsInput}
      classNames={{ title: 'drawer-title', header: 'drawer-header' }}
      closeButtonProps={{ 'aria-label': t('common/close') }}
      transitionProps={{ duration: 120 }}
      overlayProps={{ backgroundOpacity: 0.3 }}
    >
      {opened && children}
    </Drawer>
  );
}
