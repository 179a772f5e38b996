import type { Installation } from './installation.js';
import type { LoadPerson } from './load/device.js';
import type { SeededConversation } from './seeds/conversations.store.js';
import { seedOffice } from './seeds/office.js';

/** People who are signed in on one device each, with 50 conversations each. */
export const crowdSize = 15_000;
/** The first people of an installation belong to the other benchmarks. */
export const peopleWithCrowd = crowdSize + 5000;

export function crowdedOffice(
  installation: Installation,
): Promise<{ people: LoadPerson[]; office: SeededConversation[] }> {
  return installation.once('office', async (server) => {
    const people = installation.people.slice(-crowdSize);
    const office = await seedOffice(
      server.database,
      people.map(({ id }) => id),
    );
    await server.database.settle();
    return { people, office };
  });
}
