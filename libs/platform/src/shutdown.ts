import { logger } from './logger.js';

const log = logger('platform');

type Step = () => Promise<void> | void;

/** Seconds until a process that does not manage to drain ends anyway; process managers allow ten. */
const patienceMs = 9000;

/**
 * Runs the steps in order on SIGTERM or SIGINT, then ends the process. A second signal, or running out of time,
 * ends it at once: whatever was acknowledged is committed, so nothing is lost by it.
 */
export function onTermination(steps: Step[]): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), patienceMs).unref();
    void (async () => {
      for (const step of steps) {
        try {
          await step();
        } catch (err) {
          log.error({ err }, 'a step of the shutdown failed');
        }
      }
      process.exit(0);
    })();
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
}
