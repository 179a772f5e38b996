import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { api, apiBase, limits, type EndpointShape } from '#contracts';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { AppError } from '../app-error.js';
import { nestLogger } from '../logger.js';
import type { Settings } from '../settings.js';
import { answerWith, ErrorFilter } from './error-filter.js';
import { mountClient, type WebClient } from './web-client.js';

/** Where the console and its API live; on a port of their own when ADMIN_PORT says so. */
const adminPaths = [`${apiBase}/admin`, `${apiBase}/audit`, '/console'];

/** Connections the system keeps until they are taken: after a restart everybody comes at the same moment. */
const backlog = 4096;

export interface Listening {
  app: INestApplication;
  /** The port people use. */
  port: number;
  close(): Promise<void>;
}

/** Starts the HTTP surface of a process: one set of headers, limits and refusals for all of them. */
export async function listen(
  module: DynamicModule,
  settings: Settings,
  clients: WebClient[],
): Promise<Listening> {
  const web = express();
  prepare(web, settings);
  // The console first: the other client answers for every page below "/".
  for (const client of clients.toSorted()) mountClient(web, client);
  const app = await NestFactory.create(module, new ExpressAdapter(web), {
    logger: nestLogger,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter());
  await app.init();
  await listenAt(app.getHttpServer() as Server, settings.HOST, settings.PORT);
  const admin =
    settings.ADMIN_PORT === undefined
      ? undefined
      : await listenApart(web, settings.HOST, settings.ADMIN_PORT);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return {
    app,
    port,
    async close() {
      admin?.close();
      admin?.closeAllConnections();
      await app.close();
    },
  };
}

function prepare(web: Express, settings: Settings): void {
  web.disable('x-powered-by');
  web.set('query parser', 'simple');
  if (settings.TRUSTED_PROXIES)
    web.set(
      'trust proxy',
      settings.TRUSTED_PROXIES.split(',').map((one) => one.trim()),
    );
  web.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          // The component library positions things by style attributes.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'blob:', 'data:'],
          mediaSrc: ["'self'", 'blob:'],
          // 'self' does not cover WebSockets in the oldest browsers we serve.
          connectSrc: ["'self'", 'ws:', 'wss:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          formAction: ["'self'"],
        },
      },
      // Plain http inside a building is a supported way to run; a proxy with TLS adds HSTS itself.
      strictTransportSecurity: false,
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    }),
  );
  const { ADMIN_PORT } = settings;
  if (ADMIN_PORT !== undefined) {
    web.use((request: Request, response: Response, next: NextFunction) => {
      const isAdminPath = adminPaths.some(
        (path) => request.path === path || request.path.startsWith(`${path}/`),
      );
      if (isAdminPath && request.socket.localPort !== ADMIN_PORT) {
        answerWith(response, new AppError('route.not_found'));
      } else next();
    });
  }
  web.use(apiBase, (_request: Request, response: Response, next: NextFunction) => {
    // Answers depend on who asks and on rights that may end at any moment.
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  for (const { path, formBytes } of Object.values<EndpointShape>(api)) {
    if (formBytes !== undefined) {
      web.use(apiBase + path, express.urlencoded({ extended: false, limit: formBytes, parameterLimit: 10 }));
    }
  }
  web.use(express.json({ limit: limits.requestBytes, strict: true }));
}

async function listenApart(web: Express, host: string, port: number): Promise<Server> {
  const server = createServer(web);
  await listenAt(server, host, port);
  return server;
}

function listenAt(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
