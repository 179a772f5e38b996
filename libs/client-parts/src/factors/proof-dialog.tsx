import { Modal, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { newId, type ProofDemand } from '#contracts';
import { ProveForm } from './prove-form.js';
import { useFactorWords, useSurroundings } from './surroundings.js';

interface Asked {
  id: string;
  demand: ProofDemand;
  answer: (hasProved: boolean) => void;
}

/** Asks again who sits there, before something that matters; the call that needs it waits, and is repeated. */
export function ProofDialog() {
  const { http } = useSurroundings();
  const words = useFactorWords();
  const [asked, setAsked] = useState<Asked>();
  useEffect(
    () => http.proveBy((demand) => new Promise((answer) => setAsked({ id: newId(), demand, answer }))),
    [http],
  );
  const end = (hasProved: boolean) => {
    setAsked(undefined);
    asked?.answer(hasProved);
  };
  return (
    <Modal
      opened={asked !== undefined}
      onClose={() => end(false)}
      title={words.proveTitle}
      size="sm"
      centered
      zIndex={1000}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {asked && (
        <>
          <Text size="sm" mb="md">
            {words.proveAbout}
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
