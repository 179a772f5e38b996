import {
  api,
  apiBase,
  errorKinds,
  ErrorAnswer,
  type Caller,
  type EndpointShape,
  type ErrorCode,
} from '#contracts';
import { z } from 'zod';
import { SchemaBook } from './schemas.js';

type JsonObject = Record<string, unknown>;

/** Refusals any call may give. */
const everywhere: ErrorCode[] = ['request.malformed', 'request.too_large', 'service.unavailable', 'internal'];

/** The HTTP API as an OpenAPI 3.1 document, made from the contract alone. */
export function openapiDocument(version: string): JsonObject {
  const book = new SchemaBook();
  const error = book.write(ErrorAnswer, 'output');
  const paths: Record<string, JsonObject> = {};
  for (const endpoint of Object.values<EndpointShape>(api)) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method.toLowerCase()] = operation(endpoint, book, error);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chancery',
      version,
      description: 'HTTP API of Chancery, an on-premises office messenger.',
    },
    servers: [{ url: apiBase, description: 'This installation' }],
    paths,
    components: {
      schemas: book.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Access token of a session' },
      },
    },
  };
}

function operation(endpoint: EndpointShape, book: SchemaBook, error: JsonObject): JsonObject {
  const isPublic = endpoint.callers.includes('anyone');
  return {
    operationId: endpoint.id,
    tags: [endpoint.area],
    summary: endpoint.summary,
    description: `Callers: ${endpoint.callers.map(callerName).join(', ')}.${endpoint.scope ? ` Scope of bots: \`${endpoint.scope}\`.` : ''}${endpoint.needsProof ? ' Needs a fresh proof.' : ''}`,
    ...(isPublic ? {} : { security: [{ bearer: [] }] }),
    parameters: [...parameters(endpoint.params, 'path', book), ...parameters(endpoint.query, 'query', book)],
    ...(endpoint.body && {
      requestBody: {
        required: true,
        content: {
          [endpoint.formBytes === undefined ? 'application/json' : 'application/x-www-form-urlencoded']: {
            schema: book.write(endpoint.body, 'input'),
          },
        },
      },
    }),
    responses: { ...successes(endpoint, book), ...refusals(endpoint, isPublic, error) },
  };
}

const callerNames: Record<Caller, string> = {
  anyone: 'anyone',
  'signed-in': 'everyone who is signed in',
  employee: 'employees',
  bot: 'bots',
  'system-admin': 'the system administrator',
  'security-admin': 'the security administrator',
  'audit-admin': 'the audit administrator',
};
const callerName = (caller: Caller) => callerNames[caller];

function parameters(shape: z.ZodObject | undefined, place: 'path' | 'query', book: SchemaBook): JsonObject[] {
  if (!shape) return [];
  return Object.entries(shape.shape).map(([name, schema]) => {
    const written = book.write(schema as z.ZodType, 'input');
    return {
      name,
      in: place,
      required: place === 'path',
      description: written['description'] ?? '',
      schema: written,
    };
  });
}

function successes(endpoint: EndpointShape, book: SchemaBook): JsonObject {
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, answer]) => [
      status,
      typeof answer === 'string'
        ? { description: answer }
        : {
            description: answer.description ?? endpoint.summary,
            content: { 'application/json': { schema: book.write(answer, 'output') } },
          },
    ]),
  );
}

function refusals(endpoint: EndpointShape, isPublic: boolean, error: JsonObject): JsonObject {
  const guarded: ErrorCode[] = isPublic ? [] : ['auth.required', 'auth.session_ended', 'access.forbidden'];
  const byStatus = new Map<number, ErrorCode[]>();
  const proof: ErrorCode[] = endpoint.needsProof ? ['auth.proof_required'] : [];
  for (const code of [...everywhere, ...guarded, ...proof, ...(endpoint.errors ?? [])]) {
    const codes = byStatus.get(errorKinds[code].status) ?? [];
    byStatus.set(errorKinds[code].status, codes.includes(code) ? codes : [...codes, code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errorKinds[code].meaning}`).join(' '),
        content: { 'application/json': { schema: error } },
      },
    ]),
  );
}
