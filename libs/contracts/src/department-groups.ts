import { z } from 'zod';
import { GroupName } from './conversations.js';
import { endpoint } from './endpoint.js';
import { ClientId, Id, PathId } from './ids.js';

export const DepartmentGroup = z
  .object({
    conversationId: Id.describe('Conversation id'),
    departmentId: Id.describe('Department whose people are the members'),
    withBelow: z.boolean().describe('Whether everything below the department belongs to it'),
    name: z.string().describe('Name of the group'),
    memberCount: z.number().int().describe('Members now; a new group is filled within seconds'),
    isMember: z.boolean().describe('Whether the caller is one of them'),
  })
  .meta({ id: 'DepartmentGroup', description: 'A group whose members follow a department' });
export type DepartmentGroup = z.infer<typeof DepartmentGroup>;

export const DepartmentGroups = z
  .object({
    mayAsk: z.boolean().describe('Whether the caller may ask for a group: heads and administrators may'),
    groups: z
      .array(DepartmentGroup)
      .max(2)
      .describe('At most one of the department alone and one with everything below it'),
  })
  .meta({ id: 'DepartmentGroups', description: 'The groups that follow a department' });
export type DepartmentGroups = z.infer<typeof DepartmentGroups>;

const params = z.object({ departmentId: PathId.describe('Department id') });
const body = z.object({
  clientId: ClientId,
  name: GroupName,
  withBelow: z.boolean().describe('Whether everything below the department belongs to it'),
});

/** Groups of departments, as employees ask for them. */
export const departmentGroupsApi = {
  departmentGroups: endpoint({
    id: 'departmentGroups',
    area: 'messaging',
    method: 'GET',
    path: '/conversations/of-departments/:departmentId',
    summary: 'Groups that follow a department: those the caller is in, and all of them for its head',
    callers: ['employee'],
    params,
    answers: { 200: DepartmentGroups },
    errors: ['department.not_found'],
  }),
  makeDepartmentGroup: endpoint({
    id: 'makeDepartmentGroup',
    area: 'messaging',
    method: 'POST',
    path: '/conversations/of-departments/:departmentId',
    summary:
      'Make a group whose members are the people of a department, as its head or the head of one above it; they join and leave as the directory changes',
    callers: ['employee'],
    params,
    body,
    answers: { 200: DepartmentGroup },
    errors: [
      'department.not_found',
      'department.head_required',
      'department.group_exists',
      'client_id_reused',
    ],
  }),
};

/** The same for administrators, who are no members. */
export const departmentGroupsAdminApi = {
  adminDepartmentGroups: endpoint({
    id: 'adminDepartmentGroups',
    area: 'administration',
    method: 'GET',
    path: '/admin/departments/:departmentId/groups',
    summary: 'Groups that follow a department',
    callers: ['system-admin'],
    params,
    answers: { 200: DepartmentGroups },
    errors: ['department.not_found'],
  }),
  askDepartmentGroup: endpoint({
    id: 'askDepartmentGroup',
    area: 'administration',
    method: 'POST',
    path: '/admin/departments/:departmentId/groups',
    summary:
      'Ask for a group whose members are the people of a department; its head, or whoever is highest in rank, becomes the owner',
    callers: ['system-admin'],
    params,
    body,
    answers: { 200: DepartmentGroup },
    errors: ['department.not_found', 'department.group_exists', 'client_id_reused'],
  }),
};
