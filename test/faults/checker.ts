import { answersTrue } from './checks/answers.js';
import { logsWhole } from './checks/logs.js';
import { positionsTrue } from './checks/positions.js';
import { pushesInOrder } from './checks/pushes.js';
import { shownInOrder } from './checks/shown.js';
import { TheLog } from './checks/the-log.js';
import type { History } from './history.js';

/** A sentence of the promise that did not hold, and what shows it. */
export interface Violation {
  rule: string;
  evidence: string;
}

/**
 * Judges a run by what its clients were told, and by nothing else: acknowledged is stored, once, without a hole;
 * nothing reached anybody twice or out of order; every timeline is the log; no position promised what was not there.
 */
export function judge(history: History): Violation[] {
  const log = new TheLog(history.logs);
  return [logsWhole, answersTrue, pushesInOrder, positionsTrue, shownInOrder].flatMap((check) => [
    ...check(history, log),
  ]);
}
