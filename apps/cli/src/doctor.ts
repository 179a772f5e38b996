import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseStore, type StoreAbilities } from '#blobs';
import { monthsReady } from '#messaging';
import { examineCommits, examineServer, readEpoch, isInstalled, readHead, type Finding } from '#persistence';
import { readSettings, type Settings } from '#platform';
import { asOwner, withDatabase } from './with-database.js';

const monthsWanted = 2;

/** Looks at everything an installation stands on. @returns whether all of it is right */
export async function doctor(): Promise<boolean> {
  const settings = readSettings();
  const findings = [
    ...(await examineFolders(settings)),
    await examineStore(settings),
    ...(await withDatabase(settings, async (url) => [
      ...(await examineServer(url)),
      // The processes may log in as another user, for whom other settings hold.
      ...(await examineCommits(settings.DATABASE_APP_URL ?? url)),
      ...(await examineLog(url)),
    ])),
  ];
  for (const finding of findings) process.stdout.write(`${lineOf(finding)}\n`);
  return findings.every(({ remedy }) => remedy === undefined);
}

async function examineStore(settings: Settings): Promise<Finding> {
  try {
    const store = chooseStore(settings);
    await store.prepare();
    return storeFinding(await store.probe());
  } catch (error) {
    const found = `the object store cannot be used: ${(error as Error).message}`;
    return { found, remedy: 'Check S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY, or CHANCERY_DATA/blobs.' };
  }
}

function storeFinding({ store, range, versioning, objectLock }: StoreAbilities): Finding {
  const abilities = [
    'parts',
    range ? 'ranges' : 'no ranges',
    versioning ? 'versions' : 'no versions',
    { enforced: 'locks are enforced', ignored: 'locks are taken and not kept', none: 'no locks' }[objectLock],
  ];
  const found = `files lie in the ${store}: ${abilities.join(', ')}`;
  if (!range) return { found, remedy: 'Ranges of objects are needed. Use another S3 server.' };
  if (objectLock === 'ignored') {
    return { found, remedy: 'Records under lock would be lost. Use a server that enforces Object Lock.' };
  }
  return { found };
}

const lineOf = ({ found, remedy }: Finding): string =>
  remedy === undefined ? `right  ${found}` : `WRONG  ${found}. ${remedy}`;

async function examineFolders({ CHANCERY_DATA, CHANCERY_KEYS }: Settings): Promise<Finding[]> {
  const folders = [CHANCERY_DATA, CHANCERY_KEYS ?? join(CHANCERY_DATA, 'keys')];
  return Promise.all(folders.map(examineFolder));
}

async function examineFolder(folder: string): Promise<Finding> {
  const status = await stat(folder).catch(() => undefined);
  if (!status) return { found: `${folder} is missing`, remedy: 'Check CHANCERY_DATA and CHANCERY_KEYS.' };
  if ((status.mode & 0o077) === 0) return { found: `only its owner can look into ${folder}` };
  return { found: `others can look into ${folder}`, remedy: `Run: chmod go= ${folder}` };
}

function examineLog(url: string): Promise<Finding[]> {
  return asOwner(url, async (database) => {
    if (!(await isInstalled(database))) {
      return [{ found: 'the database holds nothing of Chancery yet', remedy: 'Start Chancery on it once.' }];
    }
    const epoch = await readEpoch(database);
    const { pos } = await readHead(database, 'messages');
    const ready = await monthsReady(database);
    const found = `${ready} months after this one are ready to be written to`;
    const remedy = 'Processes that send make them: their log says why partitions could not be made.';
    return [
      { found: `the log ends at position ${pos} of epoch ${epoch}` },
      ready >= monthsWanted ? { found } : { found, remedy },
    ];
  });
}
