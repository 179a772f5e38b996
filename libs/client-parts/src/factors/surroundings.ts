import { createContext, useContext } from 'react';
import type { Http } from '#client';
import { PasskeyCancelled } from './passkeys.js';
import { factorWords, type FactorWords } from './words.js';

/** What the parts need of the client that shows them. */
export interface Surroundings {
  language: keyof typeof factorWords;
  http: Http;
  /** What happened and what to do, in the reader's language. */
  sayFault: (error: unknown) => string;
}

export const PartSurroundings = createContext<Surroundings | undefined>(undefined);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(PartSurroundings);
  if (!surroundings) throw new Error('a part stands outside of its surroundings');
  return surroundings;
}

export const useFactorWords = (): FactorWords => factorWords[useSurroundings().language];

/** What went wrong with a second factor; undefined where nothing did. */
export function useFactorFault() {
  const { sayFault } = useSurroundings();
  const words = useFactorWords();
  return (error: unknown): string | undefined => {
    if (error === null || error === undefined) return undefined;
    return error instanceof PasskeyCancelled ? words.cancelled : sayFault(error);
  };
}
