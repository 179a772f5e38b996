/** What decides whether a commit survives a power cut, as a connection sees it. */
export interface DurabilitySettings {
  fsync: string;
  fullPageWrites: string;
  synchronousCommit: string;
  user: string;
}

export const durabilitySql = `
  select current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
         current_setting('synchronous_commit') as "synchronousCommit", session_user as user`;

/** What is not right, and what to do about it, each a sentence without and with its full stop. */
export interface Fault {
  fault: string;
  remedy: string;
}

export function durabilityFaults(settings: DurabilitySettings): Fault[] {
  const faults: Fault[] = [];
  if (settings.fsync !== 'on') {
    faults.push({
      fault: 'fsync is off',
      remedy: 'Set fsync = on in postgresql.conf, or run: alter system reset fsync; select pg_reload_conf();',
    });
  }
  if (settings.fullPageWrites !== 'on') {
    faults.push({
      fault: 'full_page_writes is off',
      remedy:
        'Set full_page_writes = on in postgresql.conf, or run: alter system reset full_page_writes; select pg_reload_conf();',
    });
  }
  if (!['on', 'remote_apply'].includes(settings.synchronousCommit)) {
    faults.push({
      fault: `synchronous_commit is ${settings.synchronousCommit} for the user ${settings.user}`,
      remedy:
        'It must be on, or remote_apply: look for it in postgresql.conf, ALTER DATABASE … SET and ALTER ROLE … SET.',
    });
  }
  return faults;
}
