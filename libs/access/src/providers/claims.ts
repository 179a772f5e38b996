/** Whom a provider says that somebody is. */
export interface Claims {
  issuer: string;
  subject: string;
  all: Record<string, unknown>;
}
