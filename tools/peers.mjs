import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Real programs that tests may use in place of stand-ins. Each is looked for in the environment variable that names its
 * path, in PATH and where Debian puts it; specs find it in that variable.
 */
const peers = [
  { name: 'Chromium', variable: 'CHROMIUM', programs: ['chromium', 'chromium-browser'], isRequired: true },
  { name: 'slapd', variable: 'SLAPD', programs: ['slapd'], isRequired: true },
  { name: 'ldapsearch', variable: 'LDAPSEARCH', programs: ['ldapsearch'], isRequired: true },
  {
    name: 'Samba as a domain controller (root)',
    variable: 'SAMBA',
    programs: ['samba'],
    isRequired: true,
    isUsable: () => process.getuid?.() === 0,
  },
  { name: 'clamd', variable: 'CLAMD', programs: ['clamd'], isRequired: true },
  { name: 'MinIO', variable: 'MINIO', programs: ['minio'], isRequired: false },
  {
    name: 'a disk to cut the power of (root, loop devices, mkfs.ext4)',
    variable: 'MKFS_EXT4',
    programs: ['mkfs.ext4'],
    isRequired: true,
    isUsable: mayMountImages,
  },
  { name: 'nats-server', variable: 'NATS_SERVER', programs: ['nats-server'], isRequired: false },
  { name: 'nginx', variable: 'NGINX', programs: ['nginx'], isRequired: false },
  {
    name: 'libfaketime',
    variable: 'FAKETIME_LIBRARY',
    programs: ['libfaketime.so.1'],
    isRequired: false,
    access: constants.R_OK,
  },
];

const debianFolders = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib/x86_64-linux-gnu/faketime',
  '/usr/lib/aarch64-linux-gnu/faketime',
];
const capSysAdmin = 21n;

/** Every peer with the path of its program; undefined where it is absent. */
export function findPeers() {
  return peers.map((peer) => ({ ...peer, path: peer.isUsable?.() === false ? undefined : find(peer) }));
}

/** One line for people: what the tests have at hand and what they do without. */
export function describePeers() {
  const found = findPeers();
  const atHand = found.filter(({ path }) => path).map(({ name, path }) => `${name} (${path})`);
  const absent = found.filter(({ path }) => !path).map(({ name }) => name);
  return `Real peers at hand: ${atHand.join(', ') || 'none'}. Absent: ${absent.join(', ') || 'none'}.`;
}

function find({ variable, programs, access = constants.X_OK }) {
  const isThere = (path) => allows(path, access);
  const named = process.env[variable];
  if (named) return isThere(named) ? named : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...debianFolders].filter(Boolean);
  return folders.flatMap((folder) => programs.map((program) => join(folder, program))).find(isThere);
}

function allows(path, access) {
  try {
    accessSync(path, access);
    return true;
  } catch {
    return false;
  }
}

/** Root of a container often may not. */
function mayMountImages() {
  try {
    const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return ((BigInt(`0x${effective}`) >> capSysAdmin) & 1n) === 1n && existsSync('/dev/loop-control');
  } catch {
    return false;
  }
}
