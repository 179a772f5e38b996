import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
// @ts-expect-error: pino-roll publishes no types
import untypedRoll from 'pino-roll';
import type { Settings } from './settings.js';

const openRotatedFile = untypedRoll as (options: {
  file: string;
  size: string;
  limit: { count: number };
}) => Promise<DestinationStream>;

let root: Logger = pino({ level: 'silent' });

/** What may be told of an error. Its other properties hold whole connections, and the parameters of statements. */
interface ToldError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string | undefined;
  cause?: ToldError;
}

const causesTold = 5;

function tellError(error: unknown, causesLeft = causesTold): ToldError | unknown {
  if (!(error instanceof Error)) return error;
  const told: ToldError = { type: error.constructor.name, message: error.message, stack: error.stack };
  if ('code' in error) told.code = error.code;
  if (error.cause instanceof Error && causesLeft > 0)
    told.cause = tellError(error.cause, causesLeft - 1) as ToldError;
  return told;
}

/** Opens the log. Called once, at the start of a process; until then, and in tests, nothing is written. */
export async function openLog(
  processName: string,
  settings: Pick<Settings, 'LOG_LEVEL' | 'LOG_TO' | 'CHANCERY_DATA'>,
) {
  const options = {
    level: settings.LOG_LEVEL,
    base: { process: processName, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => tellError(error) },
    formatters: { level: (level: string) => ({ level }) },
  };
  if (settings.LOG_TO !== 'file') {
    root = pino(options);
    return;
  }
  const folder = join(settings.CHANCERY_DATA, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  root = pino(
    options,
    await openRotatedFile({ file: join(folder, `${processName}.log`), size: '20m', limit: { count: 5 } }),
  );
}

/**
 * The log of one library. Lines are JSON; they name ids, counts and codes, never what people write and never a
 * secret. ERROR means that somebody must act.
 */
export function logger(library: string): Logger {
  let parent: Logger | undefined;
  let child: Logger;
  // A proxy to the root of the moment, because libraries make their loggers before the process opens the log.
  return new Proxy({} as Logger, {
    get: (_target, property: keyof Logger) => {
      if (parent !== root) {
        parent = root;
        child = root.child({ library });
      }
      const value = child[property];
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(child) : value;
    },
  });
}

const framework = logger('nest');

/** What Nest itself has to say, in our log. */
export const nestLogger: LoggerService = {
  log: (message: unknown, ...rest: unknown[]) => framework.debug({ rest }, String(message)),
  error: (message: unknown, ...rest: unknown[]) => framework.error({ rest }, String(message)),
  warn: (message: unknown, ...rest: unknown[]) => framework.warn({ rest }, String(message)),
};
