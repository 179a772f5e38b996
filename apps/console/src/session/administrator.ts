import type { AdministratorRole } from '#contracts';
import { createContext, useContext } from 'react';

/** Who is signed in to the console. */
export interface Administrator {
  id: string;
  displayName: string;
  role: AdministratorRole;
  signOut: () => void;
}

export const AdministratorContext = createContext<Administrator | undefined>(undefined);

export function useAdministrator(): Administrator {
  const administrator = useContext(AdministratorContext);
  if (!administrator) throw new Error('nobody is signed in here');
  return administrator;
}
