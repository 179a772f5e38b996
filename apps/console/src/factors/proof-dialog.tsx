import { Modal, Text } from '@mantine/core';
import { newId, type ProofDemand } from '#contracts';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '../service.js';
import { ProveForm } from './prove-form.js';

interface Asked {
  id: string;
  demand: ProofDemand;
  answer: (hasProved: boolean) => void;
}

/** Asks again who sits there, before something that matters; the call that needs it waits, and is repeated. */
export function ProofDialog() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>();
  useEffect(
    () => http.proveBy((demand) => new Promise((answer) => setAsked({ id: newId(), demand, answer }))),
    [],
  );
  const end = (hasProved: boolean) => {
    setAsked(undefined);
    asked?.answer(hasProved);
  };
  return (
    <Modal
      opened={asked !== undefined}
      onClose={() => end(false)}
      title={t('factors/proveTitle')}
      size="sm"
      centered
      zIndex={1000}
      closeButtonProps={{ 'aria-label': t('common/close') }}
    >
      {asked && (
        <>
          <Text size="sm" mb="md">
            {t('factors/proveAbout')}
          </Text>
          <ProveForm
            key={asked.id}
            {...asked.demand}
            passkeyOptions={() => http.call('passkeyForProof', {})}
            prove={async (proof) => {
              await http.call('prove', { body: { proof } });
              end(true);
            }}
          />
        </>
      )}
    </Modal>
  );
}
