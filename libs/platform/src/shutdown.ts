import { logger } from './logger.js';

const log = logger('platform');

type Step = () => Promise<void> | void;

/** Seconds until a process that does not manage to drain ends anyway; process managers allow ten. */
const patienceMs = 9000;

/** Process managers and npm repeat a signal to the group; what comes within this time is the same wish. */
const repeatMs = 1000;

/**
 * Runs the steps in order on SIGTERM or SIGINT, then ends the process. Somebody who signals again later, or running
 * out of time, ends it at once: whatever was acknowledged is committed, so nothing is lost by it.
 */
export function onTermination(steps: Step[]): void {
  let stoppingSince: number | undefined;
  const stop = (signal: string) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > repeatMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), patienceMs).unref();
    void runAll(steps).then(() => process.exit(0));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

/** Each step runs, whatever became of the one before. */
async function runAll(steps: Step[]): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (err) {
      log.error({ err }, 'a step of the shutdown failed');
    }
  }
}
