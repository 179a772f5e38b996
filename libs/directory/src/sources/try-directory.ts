import type { Client } from 'ldapts';
import type { DirectorySourceSettings, DirectoryTestStep } from '#contracts';
import { openClient, type Patience } from '../ldap/connection.js';
import { DirectoryReader } from '../ldap/ldap-directory.js';
import { externalIdOf, first, identityOf } from '../ldap/mapping.js';
import { faultOf } from './directory-fault.js';

const sampleSize = 5;

type Outcome = Pick<DirectoryTestStep, 'fault' | 'detail' | 'samples'>;
const right: Outcome = { fault: null, detail: '', samples: [] };

/** Reaches every host, binds, and searches a sample, and says of each step what is wrong with it. */
export async function tryDirectory(
  settings: DirectorySourceSettings,
  password: string,
  patience: Patience,
): Promise<DirectoryTestStep[]> {
  const steps: DirectoryTestStep[] = [];
  let searched: DirectoryTestStep[] | undefined;
  for (const host of settings.hosts) {
    const name = `${host.host}:${host.port}`;
    const tell = (step: DirectoryTestStep['step'], outcome: Outcome | 'skipped') =>
      steps.push(toStep(step, name, outcome));
    let client: Client;
    try {
      client = await openClient(host, settings, patience);
      tell('connect', right);
    } catch (error) {
      tell('connect', wrong(error, settings));
      tell('bind', 'skipped');
      continue;
    }
    try {
      await client.bind(settings.bindDn, password);
      tell('bind', right);
      // All hosts hold the same, so one of them is asked for a sample.
      searched ??= await searchSamples(client, settings);
    } catch (error) {
      tell('bind', wrong(error, settings));
    } finally {
      await client.unbind().catch(() => {});
    }
  }
  searched ??= [toStep('people', '', 'skipped'), toStep('departments', '', 'skipped')];
  return [...steps, ...searched];
}

function toStep(
  step: DirectoryTestStep['step'],
  host: string,
  outcome: Outcome | 'skipped',
): DirectoryTestStep {
  if (outcome === 'skipped') return { step, host, ...right, outcome };
  return { step, host, ...outcome, outcome: outcome.fault === null ? 'right' : 'wrong' };
}

const wrong = (error: unknown, settings: DirectorySourceSettings): Outcome => ({
  fault: faultOf(error, settings),
  detail: error instanceof Error ? error.message : String(error),
  samples: [],
});

async function searchSamples(
  client: Client,
  settings: DirectorySourceSettings,
): Promise<DirectoryTestStep[]> {
  const reader = new DirectoryReader(client, settings);
  const { attributes, peopleBases, peopleFilter, departmentBases, departmentsFilter } = settings;
  const look = async (bases: string[], filter: string, nameAttribute: string): Promise<Outcome> => {
    try {
      for (const base of bases) {
        const outcome = await lookBelow(reader, settings, { base, filter, nameAttribute });
        if (outcome.fault !== null || base === bases.at(-1)) return outcome;
      }
      return right;
    } catch (error) {
      return wrong(error, settings);
    }
  };
  return [
    toStep('people', '', await look(peopleBases, peopleFilter, attributes.username)),
    toStep('departments', '', await look(departmentBases, departmentsFilter, attributes.departmentName)),
  ];
}

async function lookBelow(
  reader: DirectoryReader,
  settings: DirectorySourceSettings,
  { base, filter, nameAttribute }: { base: string; filter: string; nameAttribute: string },
): Promise<Outcome> {
  const entries = await reader.sample(base, filter, [identityOf(settings), nameAttribute], sampleSize);
  const samples = entries.map((entry) => first(entry, nameAttribute) ?? entry.dn);
  if (entries.length === 0) return { fault: 'nobody_found', detail: base, samples };
  if (entries.some((entry) => externalIdOf(entry, settings) === null)) {
    return { fault: 'identity_missing', detail: identityOf(settings), samples };
  }
  if (entries.some((entry) => first(entry, nameAttribute) === null)) {
    return { fault: 'username_missing', detail: nameAttribute, samples };
  }
  return { ...right, samples };
}
