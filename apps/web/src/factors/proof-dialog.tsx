import { Modal, Text } from '@mantine/core';
import { newId, type ProofDemand } from '#contracts';
import { Store, useStore } from '../parts/store.js';
import { client } from '../session/service.js';
import { useWords } from '../words/index.js';
import { ProveForm } from './prove-form.js';

interface Asked {
  id: string;
  demand: ProofDemand;
  answer: (hasProved: boolean) => void;
}

const asked = new Store<Asked | undefined>(undefined);

// Calls that need a fresh proof wait for this dialog, and are repeated after it.
client.http.proveBy(
  (demand) => new Promise((answer) => asked.set({ id: newId(), demand, answer: (proved) => answer(proved) })),
);

/** Asks again who sits there, before something that matters. */
export function ProofDialog() {
  const { t } = useWords();
  const current = useStore(asked);
  const end = (hasProved: boolean) => {
    asked.set(undefined);
    current?.answer(hasProved);
  };
  return (
    <Modal
      opened={current !== undefined}
      onClose={() => end(false)}
      title={t('factors.proveTitle')}
      size="sm"
      centered
    >
      {current && (
        <>
          <Text size="sm" mb="md">
            {t('factors.proveAbout')}
          </Text>
          <ProveForm
            key={current.id}
            {...current.demand}
            passkeyOptions={() => client.call('passkeyForProof', {})}
            prove={async (proof) => {
              await client.call('prove', { body: { proof } });
              end(true);
            }}
          />
        </>
      )}
    </Modal>
  );
}
