import { DetailedError, Upload, type HttpRequest } from 'tus-js-client';
import { ErrorAnswer } from '#contracts';
import { OfflineError, RefusedError } from './errors.js';
import type { Credentials } from './http.js';

const retryDelays = [500, 1500, 4000, 10_000];
/** One request of an upload; a cut connection costs at most this much. A multiple of the service's parts. */
const chunkBytes = 32 * 1024 * 1024;

/** What can be uploaded: a File or Blob in browsers, a Buffer in Node. */
export type Content = ConstructorParameters<typeof Upload>[0];

export interface UploadOptions {
  name: string;
  onProgress?: (sent: number, total: number) => void;
  /** Gives the upload up, here and on the service. */
  signal?: AbortSignal;
}

/** Uploads by tus, going on where a broken connection left off. @returns the id of the finished file */
export function upload(
  endpoint: string,
  credentials: Credentials,
  content: Content,
  { name, onProgress, signal }: UploadOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const running = new Upload(content, {
      endpoint,
      chunkSize: chunkBytes,
      retryDelays,
      metadata: { filename: name },
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request: HttpRequest) => {
        request.setHeader('Authorization', `Bearer ${await credentials.token()}`);
      },
      onShouldRetry: (error) => isPassingStatus(error.originalResponse?.getStatus()),
      onProgress: (sent, total) => onProgress?.(sent, total),
      onSuccess: () => resolve(fileIdOf(running.url)),
      onError: (error) => reject(refusalOf(error)),
    });
    const abort = () => {
      void running.abort(true).catch(() => undefined);
      reject(signal?.reason);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    running.start();
  });
}

/** No answer, a busy service, an offset to ask for again (409) or a lock (423) pass; everything else lasts. */
const isPassingStatus = (status: number | undefined): boolean =>
  status === undefined || status >= 500 || status === 409 || status === 423 || status === 429;

const fileIdOf = (address: string | null): string =>
  new URL(address!, 'http://here').pathname.split('/').at(-1)!;

function refusalOf(error: Error | DetailedError): RefusedError | OfflineError {
  const body = error instanceof DetailedError ? error.originalResponse?.getBody() : undefined;
  if (!body) return new OfflineError(error);
  try {
    const answer = ErrorAnswer.safeParse(JSON.parse(body));
    return answer.success ? RefusedError.from(answer.data.error) : new OfflineError(error);
  } catch {
    // A proxy's page instead of our answer: nothing is known but that it did not work.
    return new OfflineError(error);
  }
}
