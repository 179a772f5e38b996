import { OfflineError } from '#client';
import { auditApi, type ExportFile } from '#contracts';
import { fetchFile, save } from '../parts/fetched-file.js';

/** Saves a file of an export. The browser holds it while it comes, which is why files have a bounded size. */
export async function download(exportId: string, { name, size }: ExportFile): Promise<void> {
  const path = auditApi.exportFile.path
    .replace(':exportId', exportId)
    .replace(':name', encodeURIComponent(name));
  const blob = await fetchFile(path);
  if (blob.size !== size) throw new OfflineError();
  save(blob, name);
}
