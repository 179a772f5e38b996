import { statSync } from 'node:fs';
import { z } from 'zod';

/** What the demo directory was asked to be; every fault of the environment is reported at once. */
export interface Settings {
  readonly data: string;
  readonly people: number;
  readonly port: number;
  readonly writable: boolean;
}

export class SettingsError extends Error {}

const environmentSchema = z.object({
  CHANCERY_DATA: z
    .string('CHANCERY_DATA must name the data folder')
    .refine(isFolder, 'CHANCERY_DATA must name a folder that exists')
    .describe('The data folder; the accounts of the demo are written into it.'),
  CHANCERY_DEMO_PEOPLE: wholeNumber('CHANCERY_DEMO_PEOPLE', 1, 200_000)
    .default(300)
    .describe('How many people the demo organisation has.'),
  CHANCERY_DEMO_LDAP_PORT: wholeNumber('CHANCERY_DEMO_LDAP_PORT', 0, 65_535)
    .default(0)
    .describe('The port on 127.0.0.1; 0 takes any free one.'),
  CHANCERY_DEMO_WRITABLE: z
    .enum(['0', '1'], 'CHANCERY_DEMO_WRITABLE must be 0 or 1')
    .default('0')
    .describe('1 lets the service account change entries, in memory only.'),
});

export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = environmentSchema.safeParse(given);
  if (!success) throw new SettingsError(`${error.issues.map((issue) => issue.message).join('; ')}.`);
  return {
    data: data.CHANCERY_DATA,
    people: data.CHANCERY_DEMO_PEOPLE,
    port: data.CHANCERY_DEMO_LDAP_PORT,
    writable: data.CHANCERY_DEMO_WRITABLE === '1',
  };
}

function wholeNumber(name: string, least: number, most: number) {
  const isInRange = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z
    .string()
    .refine(isInRange, `${name} must be a whole number from ${least} to ${most}`)
    .transform(Number);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
