/** Kind of the job that makes an export; its key is the export's id. */
export const exportJob = 'compliance.export';

export interface ExportJobData {
  exportId: string;
}

/** Attempts are 2, 4, 8 … seconds apart, so that an object store has some minutes to come back. */
export const exportJobOptions = { retries: 8, heartbeatSeconds: 60 };
