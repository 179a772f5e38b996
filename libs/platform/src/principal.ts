import type { AdministratorRole, BotScope } from '#contracts';

interface SessionOf {
  id: string;
  username: string;
  /** Shown name, as at the time of signing in. */
  name: string;
  sessionId: string;
  /** Network address the request came from; null where there is none. */
  address: string | null;
}

/** An employee of the directory. */
export interface PersonPrincipal extends SessionOf {
  kind: 'person';
}

/** One of the three administrators; none of them is a person of the directory. */
export interface AdministratorPrincipal extends SessionOf {
  kind: 'administrator';
  role: AdministratorRole;
}

/** A program that takes part in conversations; its session is one of its tokens. */
export interface BotPrincipal extends SessionOf {
  kind: 'bot';
  scopes: readonly BotScope[];
}

/** Who acts. Every service takes this, none takes a bare id. */
export type Principal = PersonPrincipal | AdministratorPrincipal | BotPrincipal;
