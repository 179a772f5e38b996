import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const optionalText = z.string().min(1).optional();
const yes = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');

/**
 * The whole environment. Nothing else reads `process.env`; every setting says what it is for, and all faults are
 * reported together at the start.
 */
const Environment = z.object({
  PORT: port.default(3000).describe('Port of the API, the sockets and the web client'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every address'),
  ADMIN_PORT: port
    .optional()
    .describe('Port of its own for console, /admin and /audit; absent: they share PORT'),
  METRICS_PORT: port.optional().describe('Port of the Prometheus metrics; absent: none'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Address under which people open the clients, such as https://im.example.gov: passkeys belong to its host, and single sign-on returns to it; absent: http://localhost:PORT',
    ),
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .describe(
      'Addresses or networks of reverse proxies whose X-Forwarded-For and -Proto count, comma-separated',
    ),
  CHANCERY_DATA: z
    .string()
    .min(1)
    .default('./data')
    .transform((folder) => resolve(folder))
    .describe('Folder of everything this installation keeps on disk'),
  CHANCERY_KEYS: z
    .string()
    .min(1)
    .optional()
    .transform((folder) => folder && resolve(folder))
    .describe('Folder of the key store; default CHANCERY_DATA/keys'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
  LOG_TO: z
    .enum(['terminal', 'file'])
    .optional()
    .describe(
      'terminal: JSON lines on stdout; file: rotated files in CHANCERY_DATA/logs; absent: file for the suite, else terminal',
    ),

  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('PostgreSQL 15 to 18 as the owner of the schema; absent: the embedded server (suite only)'),
  DATABASE_APP_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'The same database as a member of the role chancery_app; absent: DATABASE_URL with that role set',
    ),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(16).describe('Connections of the pool'),

  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\/[^\s,]+(,\s*(nats|tls):\/\/[^\s,]+)*$/)
    .optional()
    .describe(
      'NATS servers that carry hints between processes, comma-separated, credentials in the first; absent: PostgreSQL carries them',
    ),

  LDAP_URL: z
    .url({ protocol: /^ldaps?$/ })
    .optional()
    .describe('LDAP server; absent: the demo directory (suite only)'),
  LDAP_BIND_DN: optionalText.describe('Account that reads the directory'),
  LDAP_BIND_PASSWORD: optionalText.describe('Its password'),
  LDAP_BASE_DN: optionalText.describe('Base of people and departments'),
  LDAP_PEOPLE_FILTER: z.string().default('(objectClass=inetOrgPerson)').describe('Entries that are people'),
  LDAP_DEPARTMENTS_FILTER: z
    .string()
    .default('(objectClass=organizationalUnit)')
    .describe('Entries that are departments'),
  LDAP_USERNAME_ATTRIBUTE: z.string().default('uid').describe('Attribute of the user name'),
  LDAP_SIGN_IN_DOMAINS: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((domain) => domain.trim())
        .filter((domain) => domain !== ''),
    )
    .describe(
      'Domains that people may write with their user name, as user@domain or DOMAIN\\\\user, comma-separated; those of LDAP_BASE_DN are known',
    ),
  LDAP_SIGN_IN_BY_STAFF_NUMBER: yes.describe('1: people may sign in with their staff number too'),
  LDAP_BIND_FAILURES: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe(
      'Wrong passwords of one account within LDAP_BIND_WINDOW_MINUTES before it must wait; less than the lockout threshold of the directory',
    ),
  LDAP_BIND_WINDOW_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe(
      'Minutes after the last refused bind until they count no more; at least the observation window of the directory',
    ),
  LDAP_SYNC_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .default(300)
    .describe('Seconds between two synchronisations that read everything'),
  LDAP_LOOK_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe('Seconds between two looks at what has changed; 0: only complete synchronisations'),
  LDAP_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(3000)
    .describe('Patience for a connection or bind'),

  S3_ENDPOINT: z.url().optional().describe('S3 server; absent: files in CHANCERY_DATA/blobs'),
  S3_ACCESS_KEY: optionalText.describe('Access key'),
  S3_SECRET_KEY: optionalText.describe('Secret key'),
  S3_REGION: z.string().default('us-east-1').describe('Region the buckets are in'),
  S3_BUCKET_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('chancery')
    .describe('The buckets are PREFIX-files and PREFIX-records'),

  SIGN_IN_FAILURES_PER_ACCOUNT: z.coerce
    .number()
    .int()
    .min(1)
    .default(8)
    .describe('Failed attempts for one account within 15 minutes before it must wait'),
  SIGN_IN_FAILURES_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .default(100)
    .describe('Failed attempts from one address within 15 minutes before it must wait'),
  SESSIONS_PER_ACCOUNT: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(50)
    .describe('Devices one account may be signed in on; beyond, the one not used for the longest time ends'),
  SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(5)
    .max(43_200)
    .default(43_200)
    .describe('Minutes without a connection or a request after which the session of a person ends'),
  ADMINISTRATOR_SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(5)
    .max(720)
    .default(720)
    .describe('The same for administrators'),
  SIGN_INS_PER_ACCOUNT: z.coerce
    .number()
    .int()
    .min(1)
    .default(60)
    .describe('Attempts to sign in per account and minute, where no policy says otherwise'),
  SIGN_INS_PER_DEVICE: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('Attempts to sign in per device and minute, where no policy says otherwise'),
  SIGN_INS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1200)
    .describe('Attempts to sign in per network address and minute, where no policy says otherwise'),
  WRITES_PER_SECOND: z.coerce
    .number()
    .min(1)
    .default(100)
    .describe('Requests that change something, per account and second, where no policy says otherwise'),
  SENDS_PER_SECOND: z.coerce
    .number()
    .min(1)
    .default(50)
    .describe('Messages one person may send per second on average, with bursts of four times as many'),
  FILE_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(10 * 1024 ** 3)
    .describe('Largest file'),
  FILE_BYTES_PER_PERSON: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Bytes of all files that one person may keep here; absent: no limit'),
  FILE_BYTES_PER_CONVERSATION: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Bytes of all files that may be sent in one conversation; absent: no limit'),
  FILE_TYPES_REFUSED: z
    .string()
    .regex(/^[a-z]+\/([a-z0-9.+-]+|\*)(,\s*[a-z]+\/([a-z0-9.+-]+|\*))*$/)
    .optional()
    .transform((list) => list?.split(',').map((type) => type.trim()) ?? [])
    .describe(
      'Media types, by content, that are not accepted, comma-separated, such as video/*; absent: none',
    ),

  CLAMD_HOST: optionalText.describe(
    'Host of ClamAV’s clamd; nobody gets a file before it is found clean. Absent: files are not scanned',
  ),
  CLAMD_PORT: port.default(3310).describe('Its TCP port'),
  CLAMD_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(120_000)
    .describe('Patience for its answer once it has the whole file, and for a connection'),
  CLAMD_TOO_LARGE: z
    .enum(['hold', 'pass'])
    .default('hold')
    .describe(
      'What becomes of files larger than its StreamMaxLength: nobody gets them, or they pass unscanned',
    ),

  CHANCERY_DEMO_PEOPLE: z.coerce
    .number()
    .int()
    .min(1)
    .max(200_000)
    .default(300)
    .describe('People of the demo directory'),
  CHANCERY_LOADTEST: yes.describe('1: `chancery load-tokens` may issue tokens, on a demo data folder only'),
});

export type Settings = Readonly<z.output<typeof Environment>>;

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads and checks the environment. Throws one `SettingsError` that names every fault. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  // An empty variable means "not set", as in compose files and unit files.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new SettingsError(`The settings are not right:\n${faults.join('\n')}`);
}

/** Name, default and purpose of every setting, for the manual. */
export function describeSettings(): { name: string; purpose: string; fallback: string | null }[] {
  return Object.entries(Environment.shape).map(([name, schema]) => {
    const absent = schema.safeParse(undefined);
    const value = absent.success ? absent.data : undefined;
    return { name, purpose: schema.description ?? '', fallback: value === undefined ? null : String(value) };
  });
}

/** Injection token of the settings. */
export const SETTINGS = Symbol('settings');
