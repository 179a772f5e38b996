import type { ReactNode } from 'react';

/** Names and values, as in the drawers. Lines without a value are left out. */
export function Facts({ lines }: { lines: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {lines
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
