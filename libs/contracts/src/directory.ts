import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { Id, PathId } from './ids.js';
import { PageQuery, pageOf } from './page.js';

export const Department = z
  .object({
    id: Id.describe('Department id, kept through renames and moves'),
    parentId: Id.nullable().describe('Department above; null at the top'),
    name: z.string().describe('Name'),
    childCount: z.number().int().describe('Departments directly below'),
    peopleCount: z.number().int().describe('Active people with a post here or below, each once'),
  })
  .meta({ id: 'Department', description: 'A unit of the organisation' });
export type Department = z.infer<typeof Department>;

export const PersonSummary = z
  .object({
    id: Id.describe('Person id, kept through renames and moves'),
    username: z.string().describe('Name used at sign-in; empty for somebody known from a conversation alone'),
    displayName: z.string().describe('Name shown to others'),
    title: z.string().nullable().describe('Title of the main post'),
    departmentId: Id.nullable().describe('Department of the main post'),
    departmentName: z.string().nullable().describe('Its name'),
    photo: z.string().nullable().describe('Version of the photo for `photoAddress`; null without a photo'),
    kind: z.enum(['person', 'bot']).describe('Bots are programs; they have no posts'),
    active: z.boolean().describe('False once the directory has disabled or dropped the person'),
  })
  .meta({ id: 'PersonSummary', description: 'A person as in lists' });
export type PersonSummary = z.infer<typeof PersonSummary>;

export const Post = z
  .object({
    departmentId: Id.describe('Department of the post'),
    path: z.array(z.string()).describe('Names from the top of the organisation down to the department'),
    title: z.string().nullable().describe('Title in this post'),
    main: z.boolean().describe('The main post; one of several'),
  })
  .meta({ id: 'Post', description: 'A post a person holds' });
export type Post = z.infer<typeof Post>;

export const Person = PersonSummary.extend({
  givenName: z.string().nullable().describe('English or given name, where the directory has one'),
  staffNumber: z.string().nullable().describe('Staff number'),
  email: z.string().nullable().describe('Mail address'),
  phone: z.string().nullable().describe('Office telephone'),
  mobile: z.string().nullable().describe('Mobile telephone'),
  posts: z.array(Post).describe('All posts, the main one first'),
  manager: PersonSummary.nullable().describe('Next superior in the manager line'),
  managers: z
    .array(PersonSummary)
    .describe('The manager line upwards, at most 16; a superior whom the caller may not see is left out'),
}).meta({ id: 'Person', description: 'A person as on their card' });
export type Person = z.infer<typeof Person>;

/** Address of a photo below `/api/v1`; the version makes it cacheable for ever. */
export const photoAddress = (personId: string, version: string): string =>
  `/directory/photos/${personId}?v=${version}`;

export const directoryApi = {
  departments: endpoint({
    id: 'departments',
    area: 'directory',
    method: 'GET',
    path: '/directory/departments',
    summary: 'Departments directly below one, or the top of the organisation, in their own order',
    callers: ['employee', 'system-admin', 'security-admin'],
    query: PageQuery.extend({
      parent: Id.optional().describe('Department whose children are wanted; absent for the top'),
    }),
    answers: { 200: pageOf(Department) },
    errors: ['department.not_found'],
  }),
  department: endpoint({
    id: 'department',
    area: 'directory',
    method: 'GET',
    path: '/directory/departments/:departmentId',
    summary: 'One department and the way down to it',
    callers: ['employee', 'system-admin', 'security-admin'],
    params: z.object({ departmentId: PathId.describe('Department id') }),
    answers: {
      200: Department.extend({
        path: z
          .array(z.object({ id: Id.describe('Department id'), name: z.string().describe('Name') }))
          .describe('From the top down to the department itself'),
      }),
    },
    errors: ['department.not_found'],
  }),
  people: endpoint({
    id: 'people',
    area: 'directory',
    method: 'GET',
    path: '/directory/people',
    summary: 'Find people by name, pinyin, initials, user name, staff number or phone, or list a department',
    callers: ['employee', 'system-admin', 'security-admin', 'audit-admin'],
    query: PageQuery.extend({
      q: z.string().max(100).optional().describe('Words of the search: 张伟, zhangwei, zw, wei zhang …'),
      department: Id.optional().describe('Only people with a post in this department itself'),
    }),
    answers: { 200: pageOf(PersonSummary) },
    errors: ['department.not_found'],
  }),
  peopleByIds: endpoint({
    id: 'peopleByIds',
    area: 'directory',
    method: 'POST',
    path: '/directory/people/lookup',
    summary: 'Summaries of known ids; ids the caller may not see are left out',
    callers: ['employee', 'system-admin', 'security-admin', 'audit-admin', 'bot'],
    scope: 'messages:read',
    body: z.object({ ids: z.array(Id).min(1).max(200).describe('Person ids, at most 200') }),
    answers: { 200: z.object({ items: z.array(PersonSummary).describe('Those that were found') }) },
  }),
  person: endpoint({
    id: 'person',
    area: 'directory',
    method: 'GET',
    path: '/directory/people/:personId',
    summary: 'The card of a person',
    callers: ['employee', 'system-admin'],
    params: z.object({ personId: PathId.describe('Person id') }),
    answers: { 200: Person },
    errors: ['person.not_found'],
  }),
  photo: endpoint({
    id: 'photo',
    area: 'directory',
    method: 'GET',
    path: '/directory/photos/:personId',
    summary: 'The photo of a person (JPEG or PNG); the session may also be shown by cookie, for <img>',
    callers: ['employee', 'system-admin'],
    params: z.object({ personId: PathId.describe('Person id') }),
    query: z.object({ v: z.string().max(64).optional().describe('Version, for caches') }),
    answers: { 200: 'The bytes of the image' },
    errors: ['person.not_found'],
  }),
};
