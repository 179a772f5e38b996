import type { DirectorySourceSettings } from '#contracts';
import type { DirectoryReader } from './ldap-directory.js';
import { first } from './mapping.js';
import { markOf, type Place } from './place.js';

/** Where a server stands when a reading begins. */
export interface ReadStart {
  server: string;
  /** The greatest number the server has given to a change; empty where it counts none. */
  usn: string;
  at: Date;
}

/**
 * Asked before anything is read, so that what changes meanwhile is read again by the next look. Undefined where the
 * account may not see which database of which domain controller answers: its numbers would mean nothing.
 */
export async function beginReading(
  reader: DirectoryReader,
  { kind }: Pick<DirectorySourceSettings, 'kind'>,
): Promise<ReadStart | undefined> {
  const at = new Date();
  if (kind === 'openldap') return { server: reader.server, usn: '', at };
  const root = await reader.one('', anything, ['dsServiceName', 'highestCommittedUSN']);
  const service = root && first(root, 'dsServiceName');
  const usn = root && first(root, 'highestCommittedUSN');
  if (!service || !usn || !/^\d{1,19}$/.test(usn)) return undefined;
  // A controller that was put back to an earlier state counts anew under another invocation id.
  const invocation = (await reader.one(service, anything, ['invocationId']))?.['invocationId'];
  const id = Array.isArray(invocation) ? invocation[0] : invocation;
  return Buffer.isBuffer(id) && id.length === 16 ? { server: id.toString('hex'), usn, at } : undefined;
}

/** Where a reading has come to when it ends. */
export function placeAfter(
  start: ReadStart,
  read: { stamps: Iterable<string>; members: string; before?: Place | undefined },
): Place {
  const before = read.before?.server === start.server ? read.before : undefined;
  const mark = start.usn || markOf(read.stamps, { markedAt: start.at, before });
  return { server: start.server, mark, members: read.members, markedAt: start.at };
}

const anything = '(objectClass=*)';
