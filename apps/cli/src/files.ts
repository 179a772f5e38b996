import { AuditStore, AuditTrail } from '#audit';
import { chooseStore } from '#blobs';
import { Upkeep, UpkeepStore } from '#files';
import { readSettings } from '#platform';
import { asOwner, withDatabase } from './with-database.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Compares database and object store in both directions. @returns whether they agree */
export function checkFiles(): Promise<boolean> {
  return withUpkeep(async (upkeep) => {
    const counts = { missing: 0, 'wrong size': 0, orphan: 0 };
    for await (const { kind, key, bytes } of upkeep.discrepancies()) {
      counts[kind] += 1;
      say(`${kind}  ${key}${bytes === undefined ? '' : `  ${bytes} bytes`}`);
    }
    say(
      `${counts.missing} files without their object, ${counts['wrong size']} of a wrong size, ${counts.orphan} objects without a file`,
    );
    return Object.values(counts).every((count) => count === 0);
  });
}

/** Lists what no message refers to, and objects that are nobody's; removes them only where that is asked for. */
export function tidyFiles({ unsentDays, apply }: { unsentDays: number; apply: boolean }): Promise<void> {
  return withUpkeep(async (upkeep) => {
    let [count, total] = [0, 0];
    const add = (bytes: number) => {
      count += 1;
      total += bytes;
    };
    for await (const file of upkeep.garbage(unsentDays)) {
      if (apply && !(await upkeep.collect(file))) continue;
      add(file.size);
      say(`never sent  ${file.fileId}  ${file.size} bytes  ${file.createdAt.toISOString()}`);
    }
    for await (const { kind, key, bytes = 0 } of upkeep.discrepancies()) {
      if (kind !== 'orphan') continue;
      if (apply) await upkeep.removeOrphan(key);
      add(bytes);
      say(`orphan  ${key}  ${bytes} bytes`);
    }
    say(
      `${count} in all, ${total} bytes: ${apply ? 'removed' : 'nothing was removed; --apply removes them'}`,
    );
  });
}

async function withUpkeep<T>(work: (upkeep: Upkeep) => Promise<T>): Promise<T> {
  const settings = readSettings();
  const blobs = chooseStore(settings);
  await blobs.prepare();
  return withDatabase(settings, (url) =>
    asOwner(url, (database) =>
      work(new Upkeep(new UpkeepStore(database), blobs, new AuditTrail(new AuditStore(database)))),
    ),
  );
}
