import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writePrivateFile } from './private-file.js';

const installationSchema = z.object({
  /** 32 random bytes in hex: every password of this demo is derived from them. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  /** The organisation is a function of it. */
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** When the directory reached which size, oldest first: people keep the day on which they were added. */
  grown: z.array(z.object({ people: z.number().int(), at: z.iso.datetime() })).min(1),
});

export type Installation = z.infer<typeof installationSchema>;

/**
 * The same people on every machine unless somebody edits the file: a demo is easier to talk about that way. Of the seeds
 * tried, this one has all the difficult names among the first 300 people.
 */
const defaultSeed = 48_014;

/** What makes this demo itself; created at the first start, kept afterwards, told when the demo grows. */
export function openInstallation(data: string, people: number, now: Date): Installation {
  const path = join(data, 'demo-directory.json');
  const found = readJsonFile(path);
  const step = { people, at: now.toISOString() };
  if (found === undefined) {
    return save(path, { secret: randomBytes(32).toString('hex'), seed: defaultSeed, grown: [step] });
  }
  const { success, data: installation } = installationSchema.safeParse(found);
  if (!success) throw new Error(`The file ${path} is damaged: it must hold secret, seed and grown.`);
  if (installation.grown.some((earlier) => earlier.people >= people)) return installation;
  return save(path, { ...installation, grown: [...installation.grown, step] });
}

/** The moment at which person `index` came into the directory. */
export function arrivalOf(installation: Installation, index: number): Date {
  const step = installation.grown.find(({ people }) => people > index) ?? installation.grown.at(-1);
  return new Date(step?.at ?? 0);
}

function save(path: string, installation: Installation): Installation {
  writePrivateFile(path, [`${JSON.stringify(installation, null, 2)}\n`]);
  return installation;
}
