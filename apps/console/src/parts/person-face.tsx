import { Avatar } from '@mantine/core';
import { photoAddress, type PersonSummary } from '#contracts';
import { http } from '../service.js';

const hues = [212, 262, 14, 168, 34, 190, 330, 96, 238, 288, 52, 140];

/** The last two characters of a Chinese name, the initials of another. */
export function initials(name: string): string {
  const han = Array.from(name).filter((sign) => /\p{Script=Han}/u.test(sign));
  if (han.length > 0) return han.slice(-2).join('');
  const words = name.split(/\s+/).filter(Boolean);
  return words.length > 1
    ? words
        .map(([first]) => first)
        .slice(0, 2)
        .join('')
        .toUpperCase()
    : Array.from(name).slice(0, 2).join('').toUpperCase();
}

function hueOf(id: string): number {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.charCodeAt(0)) >>> 0;
  return hues[sum % hues.length]!;
}

interface FaceProps {
  person: Pick<PersonSummary, 'id' | 'displayName' | 'photo'>;
  size?: number;
  /** Photos are for those who may fetch them. */
  withPhoto?: boolean;
}

export function PersonFace({ person, size = 28, withPhoto = true }: FaceProps) {
  const source = withPhoto && person.photo ? http.address(photoAddress(person.id, person.photo)) : null;
  return (
    <Avatar
      src={source}
      size={size}
      radius={8}
      alt=""
      styles={{
        placeholder: {
          fontSize: size * 0.36,
          fontWeight: 500,
          color: '#fff',
          border: 0,
          background: `hsl(${hueOf(person.id)} 38% 46%)`,
        },
      }}
    >
      {initials(person.displayName)}
    </Avatar>
  );
}
