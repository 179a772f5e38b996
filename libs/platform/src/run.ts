import type { DynamicModule } from '@nestjs/common';
import { Health } from './http/health.js';
import { listen, type Listening } from './http/listen.js';
import type { WebClient } from './http/web-client.js';
import { logger, openLog } from './logger.js';
import { serveMetrics } from './metrics.js';
import { readSettings, SettingsError, type Settings } from './settings.js';
import { onTermination } from './shutdown.js';

const log = logger('platform');

/** Something a process starts before its modules and stops after them, such as an embedded server. */
export interface EmbeddedPart {
  stop(): Promise<void>;
}

export interface Program {
  name: string;
  module: (settings: Settings) => DynamicModule;
  clients?: WebClient[];
  /** Brings up what the modules need and says with which settings they find it. */
  prepare?: (settings: Settings) => Promise<{ settings: Settings; parts: EmbeddedPart[] }>;
  /** Called once people can come in. */
  ready?: (settings: Settings, port: number) => void;
}

/** A fault at the start that the person at the terminal can mend; its message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Runs a process from its settings to its end. Faults are told in sentences on stderr, with exit code 1. */
export async function run(program: Program): Promise<void> {
  try {
    await start(program);
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n\n`);
    log.fatal({ err: error }, 'the process could not start');
    process.exit(1);
  }
}

async function start(program: Program): Promise<void> {
  const given = readSettings();
  const { settings, parts } = (await program.prepare?.(given)) ?? { settings: given, parts: [] };
  const stopParts = async () => {
    for (const part of parts.toReversed()) await part.stop();
  };
  try {
    await openLog(program.name, settings);
    const listening = await listen(program.module(settings), settings, program.clients ?? []);
    if (settings.METRICS_PORT !== undefined) await serveMetrics(settings.HOST, settings.METRICS_PORT);
    onTermination([() => drain(listening), stopParts]);
    log.info({ port: listening.port }, 'ready');
    program.ready?.(settings, listening.port);
    // Whoever started this process with a channel may want to know.
    process.send?.({ type: 'ready', port: listening.port });
  } catch (error) {
    await stopParts();
    throw error;
  }
}

async function drain(listening: Listening): Promise<void> {
  listening.app.get(Health).drain();
  await listening.close();
}

function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  const where = 'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : '';
  if (code === 'EADDRINUSE') {
    return `Port ${where.split(':').at(-1)} is taken. End the program that uses it, or choose another: PORT=3100 npm start`;
  }
  if (code === 'EACCES' && where) return `This user may not open ${where}. Ports below 1024 are for root.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${where}. Check HOST.`;
  return error.stack ?? error.message;
}
