import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** All metrics of this process. */
export const metrics = new Registry();

/** Serves the metrics on a port of their own, which no proxy publishes. */
export async function serveMetrics(host: string, port: number): Promise<Server> {
  collectDefaultMetrics({ register: metrics });
  const server = createServer((_request, response) => {
    void metrics.metrics().then(
      (text) => response.setHeader('content-type', metrics.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server;
}
