import {
  api,
  apiBase,
  errorKinds,
  ProofDemand,
  type AnswerOf,
  type Api,
  type CallOf,
  type EndpointShape,
  type ErrorAnswer,
} from '#contracts';
import { OfflineError, RefusedError } from './errors.js';

/** No answer for so long counts as no network; a request is safe to repeat by its clientId. */
const answerTimeoutMs = 20_000;

export type CallName = keyof Api;
export type Call<N extends CallName> = CallOf<Api[N]>;
export type Answer<N extends CallName> = AnswerOf<Api[N]>;

/** What a session adds to each request. */
export interface Credentials {
  token(): Promise<string>;
  /** The service did not take this token. @returns another one, or throws where the session is over */
  renewed(refused: string): Promise<string>;
}

/** Asks whoever sits there to prove again who they are. @returns false where they would rather not */
export type Prover = (demand: ProofDemand) => Promise<boolean>;

export interface CallOptions {
  /** Gives the call up; nobody knows then what became of it. */
  signal?: AbortSignal;
  /** For calls that wait on purpose. */
  timeoutMs?: number;
}

type Scalar = string | number | boolean | undefined;

interface Parts {
  params?: Record<string, Scalar>;
  query?: Record<string, Scalar>;
  body?: unknown;
}

/** The HTTP API, typed by the table of its endpoints. Throws RefusedError and OfflineError, nothing else. */
export class Http {
  private credentials: Credentials | undefined;
  private prover: Prover | undefined;

  /** @param baseUrl origin of the service; empty for the page's own */
  constructor(private readonly baseUrl: string) {}

  use(credentials: Credentials): void {
    this.credentials = credentials;
  }

  /** Who is asked where a call needs a fresh proof; the call is repeated after it. */
  proveBy(prover: Prover): void {
    this.prover = prover;
  }

  /** Whether what was refused for want of a fresh proof makes sense again, because there is one now. */
  async hasProved(error: unknown): Promise<boolean> {
    if (!(error instanceof RefusedError) || error.code !== 'auth.proof_required' || !this.prover)
      return false;
    return this.prover(ProofDemand.parse(error.details));
  }

  /** Absolute where the base is: what <img> and downloads need. */
  address(path: string): string {
    return `${this.baseUrl}${apiBase}${path}`;
  }

  async call<N extends CallName>(name: N, parts: Call<N>, options: CallOptions = {}): Promise<Answer<N>> {
    try {
      return await this.attempt(name, parts, options);
    } catch (error) {
      if (await this.hasProved(error)) return this.attempt(name, parts, options);
      throw error;
    }
  }

  private async attempt<N extends CallName>(
    name: N,
    parts: Call<N>,
    options: CallOptions,
  ): Promise<Answer<N>> {
    const shape: EndpointShape = api[name];
    if (shape.callers.includes('anyone') || !this.credentials) {
      return (await this.request(shape, parts as Parts, options)) as Answer<N>;
    }
    const token = await this.credentials.token();
    try {
      return (await this.request(shape, parts as Parts, options, token)) as Answer<N>;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'auth.required') throw error;
      const renewed = await this.credentials.renewed(token);
      return (await this.request(shape, parts as Parts, options, renewed)) as Answer<N>;
    }
  }

  private async request(
    shape: EndpointShape,
    parts: Parts,
    { signal, timeoutMs = answerTimeoutMs }: CallOptions,
    token?: string,
  ): Promise<unknown> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token) headers['authorization'] = `Bearer ${token}`;
    if (parts.body !== undefined) headers['content-type'] = 'application/json';
    const over = new AbortController();
    const abort = () => over.abort();
    const timer = setTimeout(abort, timeoutMs);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    try {
      const response = await fetch(this.address(pathOf(shape.path, parts)), {
        method: shape.method,
        headers,
        credentials: 'same-origin',
        signal: over.signal,
        ...(parts.body !== undefined && { body: JSON.stringify(parts.body) }),
      });
      return await readAnswer(response);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      throw new OfflineError(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

function pathOf(path: string, { params = {}, query = {} }: Parts): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
  return asked.size > 0 ? `${filled}?${asked.toString()}` : filled;
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw RefusedError.from(refusalIn(text, response));
}

/** A refusal as ours, or, from a proxy in between that speaks another language, what its status says. */
function refusalIn(text: string, response: Response): ErrorAnswer['error'] {
  try {
    const answer = JSON.parse(text) as Partial<ErrorAnswer> | null;
    const error = answer?.error;
    const isKnown = typeof error?.code === 'string' && Object.hasOwn(errorKinds, error.code);
    if (error && (isKnown || isLasting(response.status))) return error;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const code = response.status === 429 ? 'rate.limited' : 'service.unavailable';
  return { code, message: response.statusText, details: { status: response.status } };
}

const isLasting = (status: number): boolean => status < 500 && status !== 429;
