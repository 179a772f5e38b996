import { useSearchParams } from 'wouter';

/** Filters live in the address bar, so that a list can be sent to somebody and found again. */
export function useFilters<Name extends string>(
  ...names: Name[]
): [values: Partial<Record<Name, string>>, set: (changes: Partial<Record<Name, string | null>>) => void] {
  const [params, setParams] = useSearchParams();
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = params.get(name);
    if (value) values[name] = value;
  }
  const set = (changes: Partial<Record<Name, string | null>>) => {
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        for (const [name, value] of Object.entries(changes) as [Name, string | null | undefined][]) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  };
  return [values, set];
}
