import { Mark } from '../parts/mark.js';
import classes from './sign-in.module.css';

/** A moment, while the session of last time is looked for. */
export function StartingPage() {
  return (
    <main className={classes['page']} aria-busy>
      <Mark size={56} />
    </main>
  );
}
