import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An entry as `ldapsearch` tells it; names of attributes in lower case. */
export interface FoundEntry {
  dn: string;
  attributes: ReadonlyMap<string, Buffer[]>;
}

export interface LdapQuestion {
  url: string;
  account: { dn: string; password: string };
  base: string;
  filter: string;
  attributes: string[];
}

/** What a directory holds, asked by the program LDAPSEARCH and read from its text: nothing of the product takes part. */
export async function ldapSearch(question: LdapQuestion): Promise<FoundEntry[]> {
  const { url, account, base, filter, attributes } = question;
  const { stdout } = await run(
    process.env['LDAPSEARCH']!,
    [
      ...['-x', '-LLL', '-o', 'ldif-wrap=no', '-E', 'pr=500/noprompt', '-H', url],
      ...['-D', account.dn, '-w', account.password, '-b', base, '-s', 'sub', filter, ...attributes],
    ],
    { maxBuffer: 512 * 1024 * 1024 },
  );
  return stdout
    .split('\n\n')
    .map(readEntry)
    .filter((entry) => entry !== undefined);
}

/** RFC 2849: after two colons the value is base64. */
function readEntry(text: string): FoundEntry | undefined {
  const attributes = new Map<string, Buffer[]>();
  for (const line of text.split('\n')) {
    const [, name, colons, value] = /^([\w.;-]+)(::?) ?(.*)$/.exec(line) ?? [];
    if (!name) continue;
    const bytes = Buffer.from(value!, colons === '::' ? 'base64' : 'utf8');
    const key = name.toLowerCase();
    attributes.set(key, [...(attributes.get(key) ?? []), bytes]);
  }
  const dn = attributes.get('dn')?.[0]?.toString();
  return dn === undefined ? undefined : { dn, attributes };
}
