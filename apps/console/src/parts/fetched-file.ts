import { OfflineError, RefusedError } from '#client';
import { ErrorAnswer } from '#contracts';
import { http, session } from '../service.js';

/** The bytes of a call that answers with a file; asked again once, where it needed a fresh proof first. */
export async function fetchFile(path: string): Promise<Blob> {
  try {
    return await fetchOnce(path);
  } catch (error) {
    if (await http.hasProved(error)) return fetchOnce(path);
    throw error;
  }
}

async function fetchOnce(path: string): Promise<Blob> {
  let response: Response;
  try {
    const headers = { authorization: `Bearer ${await session.token()}` };
    response = await fetch(http.address(path), { headers });
    if (response.ok) return await response.blob();
  } catch (error) {
    throw new OfflineError(error);
  }
  const refusal = ErrorAnswer.safeParse(await response.json().catch(() => undefined));
  throw refusal.success ? RefusedError.from(refusal.data.error) : new RefusedError('service.unavailable');
}

/** Lets the browser keep bytes as a file. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes over once the click is handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
