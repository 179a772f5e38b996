import {
  applyDecorators,
  createParamDecorator,
  Delete,
  Get,
  Head,
  HttpCode,
  Patch,
  Post,
  Put,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import { apiBase, type EndpointShape } from '#contracts';
import type { Request } from 'express';
import { parseStrictly } from '../parse.js';
import type { Principal } from '../principal.js';

const ENDPOINT = 'chancery:endpoint';

const verbs = { GET: Get, HEAD: Head, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete };

/** Serves an endpoint of the contract: address, status, who may call it and what it accepts come from there. */
export const Route = (endpoint: EndpointShape): MethodDecorator =>
  applyDecorators(
    verbs[endpoint.method](apiBase + endpoint.path),
    HttpCode(Math.min(...Object.keys(endpoint.answers).map(Number))),
    SetMetadata(ENDPOINT, endpoint),
  );

/** The endpoint a handler serves; undefined for a route without a contract, which nobody may call. */
export const endpointOf = (handler: object): EndpointShape | undefined =>
  Reflect.getMetadata(ENDPOINT, handler) as EndpointShape | undefined;

const empty: Record<string, never> = {};

/** Path, query and body, parsed by the contract; fields it does not know are refused. Throws `request.malformed`. */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const endpoint = endpointOf(context.getHandler());
  const request = context.switchToHttp().getRequest<Request>();
  return {
    params: endpoint?.params ? parseStrictly(endpoint.params, request.params) : empty,
    query: endpoint?.query ? parseStrictly(endpoint.query, request.query) : empty,
    body: endpoint?.body ? parseStrictly(endpoint.body, request.body ?? {}) : empty,
  };
});

/** A request after the global guard. */
export type GuardedRequest = Request & { principal?: Principal };

/** Who calls; the guard has seen to it that there is somebody where the contract demands it. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<GuardedRequest>().principal,
);
