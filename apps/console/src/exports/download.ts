import { OfflineError, RefusedError } from '#client';
import { auditApi, ErrorAnswer, type ExportFile } from '#contracts';
import { http, session } from '../service.js';

/** Saves a file of an export. The browser holds it while it comes, which is why files have a bounded size. */
export async function download(exportId: string, { name, size }: ExportFile): Promise<void> {
  const path = auditApi.exportFile.path
    .replace(':exportId', exportId)
    .replace(':name', encodeURIComponent(name));
  const blob = await fetchFile(http.address(path), await session.token());
  if (blob.size !== size) throw new OfflineError();
  save(blob, name);
}

async function fetchFile(address: string, token: string): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    if (response.ok) return await response.blob();
  } catch (error) {
    throw new OfflineError(error);
  }
  const refusal = ErrorAnswer.safeParse(await response.json().catch(() => undefined));
  throw refusal.success ? RefusedError.from(refusal.data.error) : new RefusedError('service.unavailable');
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes over once the click is handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
