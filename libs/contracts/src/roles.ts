import { z } from 'zod';

/**
 * The three administrators who exclude each other (三员分立): nobody holds two of these, and none of them reads
 * conversations by virtue of the role.
 */
export const administratorRoles = ['system-admin', 'security-admin', 'audit-admin'] as const;
export const AdministratorRole = z
  .enum(administratorRoles)
  .describe('One of the three exclusive administrators');
export type AdministratorRole = z.infer<typeof AdministratorRole>;

/** Who may call an endpoint; there is no endpoint without this. */
export type Caller = 'anyone' | 'signed-in' | 'employee' | AdministratorRole;
