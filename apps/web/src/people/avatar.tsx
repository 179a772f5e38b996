import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { apiBase, photoAddress } from '#contracts';
import { usePerson } from './people.js';
import { usePresence } from './presence.js';
import { colorOf, shortName } from './names.js';
import classes from './avatar.module.css';

interface PersonAvatarProps {
  personId: string | null | undefined;
  /** Shown until the person is known. */
  name?: string | null;
  size?: number;
  withPresence?: boolean;
}

/** Photo, else the last characters of the name on a colour that stays with the person. */
export function PersonAvatar({ personId, name, size = 40, withPresence = false }: PersonAvatarProps) {
  const person = usePerson(personId);
  const shown = person?.displayName ?? name ?? '';
  const [broken, setBroken] = useState<string | null>(null);
  const photo = person?.photo && person.photo !== broken ? person.photo : undefined;
  return (
    <span className={classes['frame']} style={{ width: size, height: size }} aria-hidden>
      {photo ? (
        <img
          className={classes['photo']}
          src={apiBase + photoAddress(person!.id, photo)}
          alt=""
          loading="lazy"
          draggable={false}
          onError={() => setBroken(photo)}
        />
      ) : (
        <span
          className={classes['letters']}
          style={{ background: colorOf(personId ?? shown), fontSize: Math.round(size * 0.34) }}
        >
          {shortName(shown)}
        </span>
      )}
      {withPresence && personId && <PresenceDot personId={personId} />}
    </span>
  );
}

export function GroupAvatar({ id, size = 40 }: { id: string; size?: number }) {
  return (
    <span className={classes['frame']} style={{ width: size, height: size }} aria-hidden>
      <span className={classes['letters']} style={{ background: colorOf(id) }}>
        <UsersRound size={Math.round(size * 0.5)} strokeWidth={1.8} />
      </span>
    </span>
  );
}

function PresenceDot({ personId }: { personId: string }) {
  const state = usePresence(personId);
  return state === 'online' ? <span className={classes['dot']} data-testid="presence-online" /> : null;
}
