import { LRUCache } from 'lru-cache';

/**
 * A distinguished name in one form, so that equal names are equal strings: types and values in lower case, spaces
 * folded, escapes written one way (RFC 4514, RFC 4518 §2.6.1). It is for comparing only; servers are asked with names
 * as they gave them.
 */
export function normalDn(dn: string): string {
  if (isSpecial.test(dn)) return rdnsOf(dn).join(',');
  const comma = dn.indexOf(',');
  if (comma < 0) return dn.trim() === '' ? '' : normalPart(dn);
  return `${normalPart(dn.slice(0, comma))},${normalAbove(dn.slice(comma + 1))}`;
}

/** The name above, in normal form; empty for a name of one part. */
export function parentDn(dn: string): string {
  if (isSpecial.test(dn)) return rdnsOf(dn).slice(1).join(',');
  const comma = dn.indexOf(',');
  return comma < 0 ? '' : normalAbove(dn.slice(comma + 1));
}

/** Many names lie below few others. */
const above = new LRUCache<string, string>({ max: 2000 });

function normalAbove(dn: string): string {
  let normal = above.get(dn);
  if (normal === undefined) above.set(dn, (normal = normalDn(dn)));
  return normal;
}

const isSpecial = /[\\"+]/;

function rdnsOf(dn: string): string[] {
  if (dn.trim() === '') return [];
  return split(dn, ',').map((rdn) => split(rdn, '+').map(normalPart).sort().join('+'));
}

/** Cuts at a separator that is neither escaped nor quoted. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

const spaces = /\s/;
const marks = /[\\,+]/;

function normalPart(part: string): string {
  const equals = part.indexOf('=');
  const type = part.slice(0, equals).trim().toLowerCase();
  const value = unescape(part.slice(equals + 1));
  const folded = (spaces.test(value) ? value.replaceAll(/\s+/g, ' ').trim() : value)
    .normalize('NFC')
    .toLowerCase();
  const escaped = marks.test(folded) ? folded.replaceAll(/[\\,+]/g, (character) => `\\${character}`) : folded;
  return `${type}=${escaped}`;
}

const escape = /\\([0-9a-f]{2}(?:\\[0-9a-f]{2})*|.)/gis;

/** Escaped bytes are parts of UTF-8 and may make one character together. */
function unescape(value: string): string {
  if (!value.includes('\\') && !value.includes('"')) return value;
  const quoted = /^\s*"(.*)"\s*$/s.exec(value);
  return (quoted?.[1] ?? value).replaceAll(escape, (_all, text: string) =>
    /^[0-9a-f]{2}/i.test(text) ? Buffer.from(text.replaceAll('\\', ''), 'hex').toString('utf8') : text,
  );
}
