/** Job that hands the groups of somebody who left to others. */
export const handOverJob = 'groups-hand-over';
export const handOverJobOptions = { retries: 20, heartbeatSeconds: 60 };

export interface HandOverJobData {
  personId: string;
  /** Where their leaving stands in the log; absent where an administrator asks whenever that was. */
  leftPos?: number;
}
