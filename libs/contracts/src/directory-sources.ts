import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';

const attribute = z
  .string()
  .trim()
  .regex(/^[a-zA-Z][a-zA-Z0-9-]{0,63}$/);
const dn = z.string().trim().min(1).max(1000);
const filter = z.string().trim().min(3).max(2000);
/** Attributes a directory need not have. */
const optionalAttribute = z.union([attribute, z.literal('')]);

export const DirectoryHost = z.object({
  host: z
    .string()
    .trim()
    .regex(/^[a-zA-Z0-9._:-]{1,253}$/)
    .describe('Name or address'),
  port: z.number().int().min(1).max(65_535).describe('Port'),
});

export const DirectoryAttributes = z
  .object({
    username: attribute.describe('User name at sign-in'),
    displayName: attribute.describe('Name shown to others'),
    givenName: optionalAttribute.describe('English or given name; empty: none'),
    title: optionalAttribute.describe('Title; empty: none'),
    rank: optionalAttribute.describe('Rank, a whole number, the highest first; empty: none'),
    staffNumber: optionalAttribute.describe('Staff number; empty: none'),
    email: optionalAttribute.describe('Mail address; empty: none'),
    phone: optionalAttribute.describe('Office telephone; empty: none'),
    mobile: optionalAttribute.describe('Mobile telephone; empty: none'),
    manager: optionalAttribute.describe('DN of the manager; empty: none'),
    photo: optionalAttribute.describe('Photo, JPEG or PNG; empty: none'),
    departmentName: attribute.describe('Name of a department'),
    departmentOrder: optionalAttribute.describe('Order of a department among its neighbours; empty: by name'),
    post: optionalAttribute.describe(
      'Further posts as "department id;title;order"; empty: everybody belongs to the department their entry lies in',
    ),
  })
  .describe('Which attribute is read for what; others are never read');
export type DirectoryAttributes = z.infer<typeof DirectoryAttributes>;

export const DirectorySourceSettings = z
  .object({
    kind: z.enum(['openldap', 'active-directory']).describe('What it behaves like'),
    hosts: z
      .array(DirectoryHost)
      .min(1)
      .max(8)
      .describe('Servers that hold the same; the first that answers is used'),
    security: z
      .enum(['ldaps', 'starttls', 'plain'])
      .describe('plain sends passwords for everybody on the network to read'),
    allowPlain: z.boolean().default(false).describe('Consent to plain; without it plain is refused'),
    authorities: z
      .string()
      .max(40_000)
      .default('')
      .describe(
        'Certificates (PEM) of the authorities to trust instead of the public ones; empty: the public ones',
      ),
    serverName: z
      .string()
      .max(253)
      .default('')
      .describe('Name the certificate is checked against; empty: the name of the host'),
    bindDn: dn.describe('Account that reads the directory'),
    peopleBases: z.array(dn).min(1).max(20).describe('Below these are people; each must have somebody'),
    departmentBases: z.array(dn).min(1).max(20).describe('Below these are departments'),
    peopleFilter: filter.describe('Entries that are people'),
    departmentsFilter: filter.describe('Entries that are departments'),
    peopleGroups: z
      .array(dn)
      .max(50)
      .default([])
      .describe(
        'Groups whose members are the people, with the groups in them to any depth; empty: everybody who matches',
      ),
    lookSeconds: z
      .number()
      .int()
      .min(0)
      .max(3600)
      .nullable()
      .default(null)
      .describe(
        'Seconds between two looks at what has changed; 0: only complete runs; null: what LDAP_LOOK_SECONDS says',
      ),
    attributes: DirectoryAttributes,
    protectedUsernames: z
      .array(z.string().trim().min(1).max(256))
      .max(500)
      .default([])
      .describe('Accounts that no run disables without a second person'),
    precedence: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(100)
      .describe('Of two people with one user name in two directories, the one of the lower number signs in'),
  })
  .meta({ id: 'DirectorySourceSettings', description: 'How a directory is reached and read' });
export type DirectorySourceSettings = z.infer<typeof DirectorySourceSettings>;

export const DirectorySource = z
  .object({
    id: Id.describe('Source id'),
    name: z.string().describe('Name'),
    origin: z
      .enum(['settings', 'console'])
      .describe('settings: LDAP_URL and its neighbours say what holds; it cannot be changed here'),
    state: z
      .enum(['active', 'paused'])
      .describe('A paused one is not synchronised; its people sign in as before'),
    settings: DirectorySourceSettings,
    hasPassword: z.boolean().describe('Whether a password is kept; it is never shown'),
    people: z.number().int().describe('Active people of the source'),
    lookedAt: Time.nullable().describe('When it was last looked whether anything changed; null: never yet'),
    lookFault: z.string().nullable().describe('Why the last look failed, in a sentence; null: it did not'),
    changedAt: Time.describe('Last change of the settings'),
  })
  .meta({ id: 'DirectorySource', description: 'A directory that people come from' });
export type DirectorySource = z.infer<typeof DirectorySource>;

export const DirectoryTestStep = z
  .object({
    step: z
      .enum(['connect', 'bind', 'people', 'departments'])
      .describe('connect: reaching and TLS; bind: the reading account; people, departments: a sample search'),
    host: z.string().describe('Server, for the steps that concern one; empty for the searches'),
    outcome: z.enum(['right', 'wrong', 'skipped']).describe('skipped: a step before it was wrong'),
    fault: z
      .enum([
        'unreachable',
        'timeout',
        'name_unknown',
        'certificate_untrusted',
        'certificate_expired',
        'certificate_name',
        'tls_failed',
        'starttls_refused',
        'credentials',
        'base_missing',
        'nobody_found',
        'identity_missing',
        'username_missing',
        'failed',
      ])
      .nullable()
      .describe('What is wrong; null where nothing is'),
    detail: z.string().describe('In the words of the server or the system; empty where there are none'),
    samples: z.array(z.string()).describe('Up to five of the entries found'),
  })
  .meta({ id: 'DirectoryTestStep', description: 'One step of trying a connection' });
export type DirectoryTestStep = z.infer<typeof DirectoryTestStep>;

const params = z.object({ sourceId: PathId.describe('Source id') });
const password = z
  .string()
  .min(1)
  .max(1000)
  .describe('Password of the reading account; kept sealed and never shown');
const invalid = ['directory.source_invalid', 'directory.source_password_required'] as const;

export const directorySourcesApi = {
  directorySources: endpoint({
    id: 'directorySources',
    area: 'administration',
    method: 'GET',
    path: '/admin/directory/sources',
    summary: 'Directories that people come from',
    callers: ['system-admin'],
    query: PageQuery,
    answers: { 200: pageOf(DirectorySource) },
  }),
  addDirectorySource: endpoint({
    id: 'addDirectorySource',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/sources',
    summary: 'Add a directory; it begins paused, so that a plan can be looked at first',
    callers: ['system-admin'],
    body: z.object({
      clientId: ClientId,
      name: z.string().trim().min(1).max(100).describe('Name, unlike any other'),
      settings: DirectorySourceSettings,
      bindPassword: password,
    }),
    answers: { 201: DirectorySource },
    errors: ['directory.source_name_taken', ...invalid],
  }),
  changeDirectorySource: endpoint({
    id: 'changeDirectorySource',
    area: 'administration',
    method: 'PUT',
    path: '/admin/directory/sources/:sourceId',
    summary: 'Change how a directory is reached and read',
    callers: ['system-admin'],
    params,
    body: z.object({
      clientId: ClientId,
      settings: DirectorySourceSettings,
      bindPassword: password
        .optional()
        .describe(
          'Absent: the one that is kept, as long as hosts, security, authorities and account stay the same',
        ),
    }),
    answers: { 200: DirectorySource },
    errors: ['directory.source_not_found', 'directory.source_fixed', ...invalid],
  }),
  pauseDirectorySource: endpoint({
    id: 'pauseDirectorySource',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/sources/:sourceId/state',
    summary: 'Pause the synchronisation of a directory, or go on with it',
    callers: ['system-admin'],
    params,
    body: z.object({ clientId: ClientId, state: DirectorySource.shape.state }),
    answers: { 200: DirectorySource },
    errors: ['directory.source_not_found'],
  }),
  testDirectorySource: endpoint({
    id: 'testDirectorySource',
    area: 'administration',
    method: 'POST',
    path: '/admin/directory/sources/test',
    summary:
      'Try settings without keeping them: reach every host, bind, search a sample, and say what is wrong',
    callers: ['system-admin'],
    body: z.object({
      settings: DirectorySourceSettings,
      sourceId: Id.optional().describe('Source whose kept password is used where none is given'),
      bindPassword: password.optional().describe('As in changing a source'),
    }),
    answers: {
      200: z.object({ steps: z.array(DirectoryTestStep).describe('In the order they were tried') }),
    },
    errors: ['directory.source_not_found', ...invalid],
  }),
};
