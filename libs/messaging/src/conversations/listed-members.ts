import { limits } from '#contracts';

/** Who joined and who left, as an event says it: a list is as long as everybody may be sent it. */
export const membersChange = (
  joined: readonly string[],
  left: readonly string[],
): Record<string, unknown> => ({
  ...listed('joined', 'joinedCount', joined),
  ...listed('left', 'leftCount', left),
});

export const firstMembers = (ids: readonly string[]): Record<string, unknown> =>
  listed('memberIds', 'memberCount', ids);

const listed = (list: string, count: string, ids: readonly string[]) =>
  ids.length > limits.membersInEvent ? { [list]: [], [count]: ids.length } : { [list]: ids };

/** Whether an event says only how many they were. */
export const isUnlisted = (meta: Record<string, unknown>): boolean =>
  'memberCount' in meta || 'joinedCount' in meta || 'leftCount' in meta;
