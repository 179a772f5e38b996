type Json =
  string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: unknown };

/** JSON with sorted keys and no spaces (RFC 8785 for the values we use): equal values give equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value as Json));
}

function sorted(value: Json): unknown {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, Json>)
    // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is what comparing JavaScript strings does.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries);
}
