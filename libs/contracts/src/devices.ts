import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';
import { administratorRoles } from './roles.js';

export const SignedInDevice = z
  .object({
    id: Id.describe('Session id'),
    name: z.string().describe('Name of the device, such as "Chrome, Windows"'),
    platform: z.string().describe('Kind of client: web, desktop, node or console'),
    address: z.string().nullable().describe('Network address it was last used from'),
    signedInAt: Time.describe('When it signed in'),
    usedAt: Time.describe('Last use, to the minute'),
    current: z.boolean().describe('Whether it is the device that asks'),
  })
  .meta({ id: 'SignedInDevice', description: 'A device signed in, until its session ends' });
export type SignedInDevice = z.infer<typeof SignedInDevice>;

export const EndedDevices = z
  .object({ ended: z.number().int().describe('How many sessions this call ended') })
  .meta({ id: 'EndedDevices', description: 'What signing out several devices did' });
export type EndedDevices = z.infer<typeof EndedDevices>;

export const PersonBlock = z
  .object({
    at: Time.describe('Since when'),
    by: z.string().describe('Administrator who did it'),
    reason: z.string().describe('Why'),
  })
  .meta({ id: 'PersonBlock', description: 'Why a person may not sign in, whatever the directory says' });
export type PersonBlock = z.infer<typeof PersonBlock>;

export const PersonAccess = z
  .object({
    block: PersonBlock.nullable().describe('Null for a person who may sign in'),
  })
  .meta({ id: 'PersonAccess', description: 'Whether a person may sign in here' });
export type PersonAccess = z.infer<typeof PersonAccess>;

const ofPerson = z.object({ personId: PathId.describe('Person id') });
const sessionId = PathId.describe('Session id');

export const devicesApi = {
  myDevices: endpoint({
    id: 'myDevices',
    area: 'access',
    method: 'GET',
    path: '/me/sessions',
    summary: "The caller's devices, the latest sign-in first",
    callers: ['employee', ...administratorRoles],
    query: PageQuery,
    answers: { 200: pageOf(SignedInDevice) },
  }),
  signOutDevice: endpoint({
    id: 'signOutDevice',
    area: 'access',
    method: 'DELETE',
    path: '/me/sessions/:sessionId',
    summary: "Sign one of the caller's devices out, on every process within a second",
    callers: ['employee', ...administratorRoles],
    params: z.object({ sessionId }),
    answers: { 204: 'The device is signed out, or was already' },
    errors: ['session.not_found'],
  }),
  signOutOthers: endpoint({
    id: 'signOutOthers',
    area: 'access',
    method: 'POST',
    path: '/me/sessions/end-others',
    summary: "Sign all of the caller's devices out but this one",
    callers: ['employee', ...administratorRoles],
    body: z.object({ clientId: ClientId }),
    answers: { 200: EndedDevices },
  }),
  personAccess: endpoint({
    id: 'personAccess',
    area: 'administration',
    method: 'GET',
    path: '/admin/people/:personId/access',
    summary: 'Whether a person may sign in here',
    callers: ['system-admin'],
    params: ofPerson,
    answers: { 200: PersonAccess },
    errors: ['person.not_found'],
  }),
  personDevices: endpoint({
    id: 'personDevices',
    area: 'administration',
    method: 'GET',
    path: '/admin/people/:personId/sessions',
    summary: 'Devices of a person, the latest sign-in first',
    callers: ['system-admin'],
    params: ofPerson,
    query: PageQuery,
    answers: { 200: pageOf(SignedInDevice) },
    errors: ['person.not_found'],
  }),
  signOutPersonDevice: endpoint({
    id: 'signOutPersonDevice',
    area: 'administration',
    method: 'DELETE',
    path: '/admin/people/:personId/sessions/:sessionId',
    summary: 'Sign a device of a person out, on every process within a second',
    callers: ['system-admin'],
    params: ofPerson.extend({ sessionId }),
    answers: { 204: 'The device is signed out, or was already' },
    errors: ['person.not_found', 'session.not_found'],
  }),
  signOutPerson: endpoint({
    id: 'signOutPerson',
    area: 'administration',
    method: 'POST',
    path: '/admin/people/:personId/sessions/end',
    summary: 'Sign all devices of a person out; they may sign in again',
    callers: ['system-admin'],
    params: ofPerson,
    body: z.object({ clientId: ClientId }),
    answers: { 200: EndedDevices },
    errors: ['person.not_found'],
  }),
  blockPerson: endpoint({
    id: 'blockPerson',
    area: 'administration',
    method: 'POST',
    path: '/admin/people/:personId/block',
    summary: 'Disable a person at once: all devices are signed out within a second, and none signs in again',
    callers: ['system-admin'],
    params: ofPerson,
    body: z.object({
      clientId: ClientId,
      reason: z.string().trim().min(5).max(1000).describe('Why, for the trail and the other administrators'),
    }),
    answers: { 200: PersonAccess },
    errors: ['person.not_found'],
  }),
  unblockPerson: endpoint({
    id: 'unblockPerson',
    area: 'administration',
    method: 'POST',
    path: '/admin/people/:personId/unblock',
    summary: 'Let a person sign in again, as far as the directory lets them',
    callers: ['system-admin'],
    params: ofPerson,
    body: z.object({ clientId: ClientId }),
    answers: { 200: PersonAccess },
    errors: ['person.not_found'],
  }),
};
