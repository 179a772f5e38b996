import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { installationFolder } from '../version.js';

/** A browser client as built into dist, and where it is served. */
export type WebClient = 'web' | 'console';

const places: Record<WebClient, string> = { web: '/', console: '/console' };

/** Serves a browser client: hashed assets may be kept for ever, the page itself is asked for each time. */
export function mountClient(web: Express, client: WebClient): void {
  const folder = join(installationFolder, 'dist', client);
  web.use(
    places[client],
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response: Response, path: string) => {
        const isHashed = path.startsWith(join(folder, 'assets'));
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
    (request: Request, response: Response, next: NextFunction) => {
      const isPage =
        request.method === 'GET' &&
        request.accepts('html') &&
        !/^\/(api|socket\.io)\//.test(request.originalUrl);
      if (!isPage || /\.\w+$/.test(request.path)) return next();
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile(join(folder, 'index.html'), (error) => error && next(error));
    },
  );
}
