import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EnrolForm, RecoveryCodes } from '#client-parts';
import { newId, type Factor } from '#contracts';
import { Confirm, type Question } from '../parts/confirm.js';
import { ErrorState } from '../parts/states.js';
import { client, queries } from '../session/service.js';
import { useWords } from '../words/index.js';
import { fullTime } from '../words/times.js';
import classes from './settings-page.module.css';

const key = ['myFactors'];
const again = () => queries.invalidateQueries({ queryKey: key });

/** What one proves oneself with besides the password. */
export function SecondFactors() {
  const { t } = useWords();
  const [isAdding, setIsAdding] = useState(false);
  const [codes, setCodes] = useState<string[]>();
  const [question, setQuestion] = useState<Question>();
  const mine = useQuery({ queryKey: key, queryFn: () => client.call('myFactors', {}), staleTime: 0 });
  const renewing = useMutation({
    mutationFn: () => client.call('makeRecoveryCodes', { body: { clientId: newId() } }),
    onSuccess: ({ recoveryCodes }) => setCodes(recoveryCodes),
    onSettled: again,
  });
  if (mine.data?.demand === 'off') return null;
  const factors = mine.data?.factors ?? [];
  const close = () => {
    setIsAdding(false);
    setCodes(undefined);
    void again();
  };
  const askRemoval = (factor: Factor) =>
    setQuestion({
      title: t('factors.remove'),
      text: t('factors.removeAsk', { name: factor.name }),
      act: () => client.call('removeFactor', { params: { factorId: factor.id } }).then(again),
      isDangerous: true,
    });
  return (
    <>
      <h2>{t('factors.title')}</h2>
      <div className={classes['about']}>
        {t(mine.data?.demand === 'required' ? 'factors.required' : 'factors.about')}
      </div>
      {mine.isError && <ErrorState error={mine.error} onRetry={() => void mine.refetch()} />}
      {mine.isPending && <Skeleton height={48} mt="sm" />}
      {factors.map((factor) => (
        <FactorLine key={factor.id} factor={factor} remove={() => askRemoval(factor)} />
      ))}
      <div className={classes['actions']}>
        <Button variant="default" size="xs" onClick={() => setIsAdding(true)} data-testid="new-factor">
          {t('factors.add')}
        </Button>
        {factors.length > 0 && (
          <Button
            variant="default"
            size="xs"
            loading={renewing.isPending}
            onClick={() => renewing.mutate()}
            data-testid="new-codes"
          >
            {t('factors.newCodes', { count: mine.data?.recoveryCodesLeft ?? 0 })}
          </Button>
        )}
      </div>
      <Modal
        opened={isAdding || codes !== undefined}
        onClose={close}
        title={t(codes ? 'factors.codes' : 'factors.add')}
        size="sm"
        centered
      >
        {codes ? (
          <RecoveryCodes codes={codes} done={close} />
        ) : (
          mine.data && (
            <EnrolForm
              passkeyHost={mine.data.passkeyHost}
              offer={(kind) => client.call('beginFactor', { body: { kind } })}
              add={async (name, factor) => {
                const body = { clientId: newId(), name, factor };
                const { recoveryCodes } = await client.call('addFactor', { body });
                if (recoveryCodes) setCodes(recoveryCodes);
                else close();
              }}
            />
          )
        )}
      </Modal>
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </>
  );
}

function FactorLine({ factor, remove }: { factor: Factor; remove: () => void }) {
  const { t, language } = useWords();
  const { kind, name, usedAt, createdAt } = factor;
  const time = fullTime(new Date(usedAt ?? createdAt), language);
  return (
    <div className={classes['setting']} data-testid="factor">
      <div>
        <div className={classes['device']}>{name}</div>
        <div className={classes['about']}>
          {t(`factors.kinds.${kind}`)} · {t(usedAt ? 'factors.usedAt' : 'factors.addedAt', { time })}
        </div>
      </div>
      <Button variant="default" size="xs" onClick={remove} data-testid="remove-factor">
        {t('factors.remove')}
      </Button>
    </div>
  );
}
