import { createContext, useContext } from 'react';
import type { Member } from '#contracts';

/** Who has read how far, where the conversation is small enough for that to be known. */
export interface Receipts {
  isDirect: boolean;
  others: readonly Member[];
}

export const ReceiptsContext = createContext<Receipts | undefined>(undefined);

/** Of the people a message was for, those who have read it and those who have not. */
export function useReaders(seq: number): { isDirect: boolean; read: Member[]; unread: Member[] } | undefined {
  const receipts = useContext(ReceiptsContext);
  if (!receipts) return undefined;
  const asked = receipts.others.filter(({ joinedSeq }) => joinedSeq <= seq);
  if (asked.length === 0) return undefined;
  return {
    isDirect: receipts.isDirect,
    read: asked.filter(({ readSeq }) => readSeq >= seq),
    unread: asked.filter(({ readSeq }) => readSeq < seq),
  };
}
