import { newId } from '#contracts';
import { useTranslation } from 'react-i18next';
import { DetailDrawer } from '../parts/detail-drawer.js';
import { DeviceList } from '../people/device-list.js';
import { http, usePages } from '../service.js';

/** The administrator's own devices. */
export function MyDevices({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <DetailDrawer opened={opened} close={close} title={t('devices/mine')}>
      <Mine />
    </DetailDrawer>
  );
}

function Mine() {
  const { t } = useTranslation();
  return (
    <DeviceList
      devices={usePages('myDevices', {})}
      signOut={(sessionId) => http.call('signOutDevice', { params: { sessionId } })}
      signOutAll={() => http.call('signOutOthers', { body: { clientId: newId() } })}
      allLabel={t('devices/signOutOthers')}
    />
  );
}
