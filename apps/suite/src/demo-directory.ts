import { fork } from 'node:child_process';
import type { FirstAdministrator } from '#access';
import { programOf, StartError, type EmbeddedPart, type Settings } from '#platform';

/** What the demo directory says once it serves. */
interface Ready {
  type: 'ready';
  url: string;
  baseDn: string;
  bindDn: string;
  bindPassword: string;
  administrators: FirstAdministrator[];
}

export interface DemoDirectory extends EmbeddedPart {
  settings: Pick<Settings, 'LDAP_URL' | 'LDAP_BASE_DN' | 'LDAP_BIND_DN' | 'LDAP_BIND_PASSWORD'>;
  administrators: FirstAdministrator[];
}

/** Starts the LDAP server of the demo as a process of its own, so that everything goes over the wire. */
export async function startDemoDirectory(settings: Settings): Promise<DemoDirectory> {
  const { CHANCERY_DATA, CHANCERY_DEMO_PEOPLE } = settings;
  const child = fork(programOf('demo-directory'), {
    env: { CHANCERY_DATA, CHANCERY_DEMO_PEOPLE: String(CHANCERY_DEMO_PEOPLE) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready));
    child.once('exit', () => reject(new StartError(`The demo directory did not start. ${complaint.trim()}`)));
  });
  return {
    settings: {
      LDAP_URL: ready.url,
      LDAP_BASE_DN: ready.baseDn,
      LDAP_BIND_DN: ready.bindDn,
      LDAP_BIND_PASSWORD: ready.bindPassword,
    },
    administrators: ready.administrators,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
