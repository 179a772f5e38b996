import { RefusedError } from '#client';
import { directorySourcesApi } from '#contracts';
import type { zhCN } from '../words/zh-CN.js';
import { settingsOf, type SourceDraft } from './source-draft.js';

export type FaultWord = keyof (typeof zhCN)['sources']['form']['faults'];
/** What is wrong, by the field as the contract has it: `name`, `hosts.0.port`, `attributes.username`. */
export type SourceFaults = Partial<Record<string, FaultWord>>;

const settingsSchema = directorySourcesApi.addDirectorySource.body.shape.settings;

/** What can be seen before the service is asked. Names and passwords are needed where `needs` says so. */
export function faultsOf(draft: SourceDraft, needs: { name: boolean; password: boolean }): SourceFaults {
  const faults: SourceFaults = {};
  const settings = settingsOf(draft);
  const result = settingsSchema.safeParse(settings);
  for (const { path } of result.error?.issues ?? []) put(faults, path.map(String), settings);
  if (needs.name && draft.name.trim() === '') faults['name'] = 'required';
  if (needs.password && draft.bindPassword === '') faults['bindPassword'] = 'required';
  if (draft.look === 'every' && settings.lookSeconds === 0) faults['lookSeconds'] = 'seconds';
  if (draft.security === 'plain' && !draft.allowPlain) faults['allowPlain'] = 'plain_without_consent';
  return faults;
}

/** Where the service says what is wrong; undefined where it says something that concerns no field. */
export function faultsOfError(error: unknown, draft: SourceDraft): SourceFaults | undefined {
  if (!(error instanceof RefusedError)) return undefined;
  if (error.code === 'directory.source_name_taken') return { name: 'nameTaken' };
  if (error.code === 'directory.source_password_required') return { bindPassword: 'passwordRequired' };
  if (error.code === 'directory.source_invalid') return faultOfSettings(error.details ?? {});
  const issues = error.details?.['issues'];
  if (error.code !== 'request.malformed' || !Array.isArray(issues)) return undefined;
  const faults: SourceFaults = {};
  for (const { path } of issues as { path: string }[]) {
    const steps = path.split('.');
    put(faults, steps[0] === 'settings' ? steps.slice(1) : steps, settingsOf(draft));
  }
  return faults;
}

const reasons = ['plain_without_consent', 'filter_malformed', 'no_certificate', 'certificate_malformed'];

function faultOfSettings({ field, reason }: Record<string, unknown>): SourceFaults | undefined {
  if (typeof field !== 'string' || !reasons.includes(String(reason))) return undefined;
  return { [field === 'security' ? 'allowPlain' : field]: reason as FaultWord };
}

/** Lists stand in one field each, whatever line of theirs is wrong; hosts and attributes in fields of their own. */
function put(faults: SourceFaults, path: string[], settings: ReturnType<typeof settingsOf>): void {
  const [first = '', second = '', third = ''] = path;
  if (first === 'hosts') {
    if (third === 'port') faults[`hosts.${second}.port`] = 'port';
    else faults[`hosts.${second}.host`] = settings.hosts[Number(second)]?.host.trim() ? 'host' : 'required';
  } else if (first === 'attributes') {
    const value = settings.attributes[second as keyof typeof settings.attributes];
    faults[`attributes.${second}`] = value ? 'attribute' : 'required';
  } else {
    faults[first] = wordOf(first, settings[first as keyof typeof settings]);
  }
}

function wordOf(field: string, value: unknown): FaultWord {
  if (field === 'lookSeconds') return 'seconds';
  if (field === 'precedence') return 'number';
  if (Array.isArray(value)) return value.length === 0 ? 'required' : 'tooMany';
  return typeof value === 'string' && value.trim() === '' ? 'required' : 'malformed';
}
