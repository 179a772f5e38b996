import type { z } from 'zod';
import type { ErrorCode } from './errors.js';
import type { BotScope, Caller } from './roles.js';

export interface EndpointShape {
  /** operationId of the reference and method name of the SDK. */
  id: string;
  area: 'access' | 'directory' | 'messaging' | 'files' | 'administration' | 'audit' | 'service';
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base `/api/v1`, parameters as `:name`. */
  path: string;
  /** One line of what it does. */
  summary: string;
  /** Who may call it, any one of these. */
  callers: readonly [Caller, ...Caller[]];
  /** What a bot's token must be good for. */
  scope?: BotScope;
  /**
   * sign-in: counts as an attempt of its address, account and device. own: what it serves bounds it itself. Absent:
   * it counts among the caller's requests that change something, unless it only reads.
   */
  limit?: 'sign-in' | 'own';
  /** Whether the caller must have proved within the last five minutes who they are. */
  needsProof?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** The body comes as a form of so many bytes at most, as browsers post it; as JSON where this is absent. */
  formBytes?: number;
  /** Status of success → what it carries. A text is the meaning of an answer without a JSON body. */
  answers: Readonly<Record<number, z.ZodType | string>>;
  /** Refusals beyond those every endpoint may give. */
  errors?: readonly ErrorCode[];
}

/** Declares one call of the HTTP API; server, SDK and reference are made from this. */
export const endpoint = <const E extends EndpointShape>(shape: E): E => shape;

type Read<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;
type Written<S> = S extends z.ZodType ? z.input<S> : Record<never, never>;

/** What a handler receives: path, query and body as parsed. */
export interface InputOf<E extends EndpointShape> {
  params: Read<E['params']>;
  query: Read<E['query']>;
  body: Read<E['body']>;
}

/** What a caller gives. */
export type CallOf<E extends EndpointShape> = (E['params'] extends z.ZodType
  ? { params: Written<E['params']> }
  : { params?: never }) &
  (E['query'] extends z.ZodType ? { query?: Written<E['query']> } : { query?: never }) &
  (E['body'] extends z.ZodType ? { body: Written<E['body']> } : { body?: never });

type SuccessSchema<E extends EndpointShape> = E['answers'][keyof E['answers']];

/** What a caller gets on success. */
export type AnswerOf<E extends EndpointShape> =
  SuccessSchema<E> extends infer S ? (S extends z.ZodType ? z.output<S> : undefined) : never;
