import { Injectable } from '@nestjs/common';
import { Server } from '@tus/server';
import type { Response } from 'express';
import { apiBase, newId, type ErrorCode } from '#contracts';
import { AppError, toAppError, type GuardedRequest, type PersonPrincipal } from '#platform';
import { FileAccess } from './file-access.service.js';
import { FilePolicies } from './file-policies.js';
import { Uploads } from './uploads.js';
import { uploading, type Uploading } from './uploading.js';

/**
 * Takes the bytes of an upload straight from its request: on the way through the library they go through a web stream
 * and four others, which costs more than sealing them.
 */
class TusServer extends Server {
  async append(request: GuardedRequest, response: Response): Promise<void> {
    const { method, originalUrl } = request;
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    const asked = new Request(`http://tus${originalUrl}`, { method, headers: headers as [string, string][] });
    const answer = await this.handleWeb(Object.assign(asked, { runtime: { node: { req: request } } }));
    response
      .status(answer.status)
      .setHeaders(answer.headers)
      .end(await answer.text());
  }

  protected override createContext(): ReturnType<Server['createContext']> {
    const context = super.createContext();
    const current: Uploading | undefined = uploading.getStore();
    if (current) current.signal = context.signal;
    return context;
  }
}

/** tus 1.0.0 over our store, with our rights and our refusals. */
@Injectable()
export class TusUploads {
  private readonly server: TusServer;

  constructor(
    private readonly policies: FilePolicies,
    private readonly files: FileAccess,
    uploads: Uploads,
  ) {
    this.server = new TusServer({
      path: `${apiBase}/files`,
      datastore: uploads,
      maxSize: (request) => this.maxBytes(request),
      relativeLocation: true,
      // Uploads come from our own pages and from programs, never from another origin.
      allowedOrigins: () => false,
      namingFunction: () => newId(),
      onUploadCreate: (request, upload) =>
        Promise.resolve({ metadata: { ...upload.metadata, ownerId: callerOf(request) } }),
      onIncomingRequest: async (request, id) => {
        if (request.method !== 'POST') await this.files.requireOwnUpload(callerOf(request), id);
      },
      onResponseError: async (request, error) => toAnswer(error, () => this.maxBytes(request)),
    });
  }

  async handle(request: GuardedRequest, response: Response): Promise<void> {
    if (request.headers['tus-resumable'] !== '1.0.0') {
      throw new AppError('file.upload_invalid', { details: { reason: 'Tus-Resumable: 1.0.0 is missing' } });
    }
    const by = personOf(request);
    if (request.method !== 'PATCH') {
      await uploading.run({ by }, () => this.server.handle(request, response));
    } else {
      await uploading.run({ by, bytes: request }, () => this.server.append(request, response));
    }
  }

  private async maxBytes(request: TusRequest): Promise<number> {
    const { maxBytes } = await this.policies.limit.valueFor({ personId: callerOf(request) });
    return maxBytes;
  }
}

interface TusRequest {
  runtime?: { node?: { req: unknown } };
}

function personOf({ principal }: Partial<GuardedRequest>): PersonPrincipal {
  if (principal?.kind !== 'person') throw new AppError('access.forbidden');
  return principal;
}

const callerOf = (request: TusRequest): string =>
  personOf((request.runtime?.node?.req ?? {}) as Partial<GuardedRequest>).id;

/** What tus says of a fault → our code. Others are faults of the request. */
const codes: Record<number, ErrorCode> = {
  404: 'file.not_found',
  410: 'file.not_found',
  413: 'file.too_large',
};

async function toAnswer(
  error: Error | { status_code: number; body: string },
  maxBytes: () => Promise<number>,
) {
  const answer = (thrown: AppError, status = thrown.status) => ({
    status_code: status,
    body: JSON.stringify(thrown.toAnswer()),
  });
  if (!('status_code' in error)) return answer(toAppError(error));
  const code = codes[error.status_code] ?? 'file.upload_invalid';
  const details = code === 'file.too_large' ? { maxBytes: await maxBytes() } : { reason: error.body.trim() };
  // The status stays tus's own, which its clients act on: 409 means "ask for the offset again".
  return answer(new AppError(code, { details }), error.status_code);
}
