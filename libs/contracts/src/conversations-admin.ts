import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { ClientId, PathId } from './ids.js';

/** What administrators do about groups; never what is written in them. */
export const conversationsAdminApi = {
  handOverGroups: endpoint({
    id: 'handOverGroups',
    area: 'administration',
    method: 'POST',
    path: '/admin/people/:personId/groups/hand-over',
    summary:
      'Give the groups of somebody who left to the next superior among their members, without waiting for the time that is set',
    callers: ['system-admin'],
    params: z.object({ personId: PathId.describe('Who left') }),
    body: z.object({ clientId: ClientId }),
    answers: { 204: 'It is being done, group by group, each as an event of its log' },
    errors: ['person.not_found', 'person.active'],
  }),
};
