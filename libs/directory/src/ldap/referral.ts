import type { Host } from './host-choice.js';

/** What a server refers to. */
export interface Referral {
  host: Host;
  dn: string;
}

/** Parts of a domain that every domain refers to and that hold no people. */
const partitions = /^(CN=Configuration|CN=Schema,CN=Configuration|DC=(Domain|Forest)DnsZones),/i;

/** Whether Active Directory names this part of itself with every search. */
export const isPartition = (url: string): boolean => partitions.test(placeIn(url)?.dn ?? '');

/** Where a referral leads, as long as that is one of the servers of the settings: no other one is told a password. */
export function referralTo(url: string, hosts: readonly Host[]): Referral | undefined {
  const place = placeIn(url);
  const host = place && hosts.find((one) => one.host.toLowerCase() === place.host && one.port === place.port);
  return host && { host, dn: place.dn };
}

/** The server and the name in the URL of a referral (RFC 4516). */
function placeIn(text: string): { host: string; port: number; dn: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(text);
  if (protocol !== 'ldap:' && protocol !== 'ldaps:') return undefined;
  try {
    return {
      host: hostname.replaceAll(/[[\]]/g, '').toLowerCase(),
      port: Number(port) || (protocol === 'ldaps:' ? 636 : 389),
      dn: decodeURIComponent(pathname.slice(1)),
    };
  } catch {
    // Escapes that are none.
    return undefined;
  }
}
