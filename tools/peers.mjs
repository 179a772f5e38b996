import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Real programs that tests may use in place of stand-ins. Each is looked for in the environment variable that names its
 * path, in PATH and where Debian puts it; specs find it in that variable.
 */
const peers = [
  { name: 'Chromium', variable: 'CHROMIUM', programs: ['chromium', 'chromium-browser'], isRequired: true },
  { name: 'slapd', variable: 'SLAPD', programs: ['slapd'], isRequired: false },
  { name: 'MinIO', variable: 'MINIO', programs: ['minio'], isRequired: false },
  { name: 'nats-server', variable: 'NATS_SERVER', programs: ['nats-server'], isRequired: false },
  { name: 'nginx', variable: 'NGINX', programs: ['nginx'], isRequired: false },
];

const debianFolders = ['/usr/bin', '/usr/sbin'];

/** Every peer with the path of its program; undefined where it is absent. */
export function findPeers() {
  return peers.map((peer) => ({ ...peer, path: find(peer) }));
}

/** One line for people: what the tests have at hand and what they do without. */
export function describePeers() {
  const found = findPeers();
  const atHand = found.filter(({ path }) => path).map(({ name, path }) => `${name} (${path})`);
  const absent = found.filter(({ path }) => !path).map(({ name }) => name);
  return `Real peers at hand: ${atHand.join(', ') || 'none'}. Absent: ${absent.join(', ') || 'none'}.`;
}

function find({ variable, programs }) {
  const named = process.env[variable];
  if (named) return isProgram(named) ? named : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...debianFolders].filter(Boolean);
  return folders.flatMap((folder) => programs.map((program) => join(folder, program))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
