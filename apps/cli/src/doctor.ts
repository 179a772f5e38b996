import { stat } from 'node:fs/promises';
import { join } from 'node:path';
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
