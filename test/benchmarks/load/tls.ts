import { connect as connectPlain, type AddressInfo, type Socket } from 'node:net';
import { connect, createServer } from 'node:tls';

/**
 * A key both sides know stands in for a certificate, which nothing here could make. Handshakes differ by that; what is
 * measured are records, and these are AES-GCM as with any certificate.
 */
const key = Buffer.from('only between two processes of a benchmark');
const options = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

export const connectTls = (port: number): Socket =>
  connect({
    host: '127.0.0.1',
    port,
    ...options,
    pskCallback: () => ({ psk: key, identity: 'load' }),
    checkServerIdentity: () => undefined,
  });

/** Ends TLS before a server on this machine, as a reverse proxy does. @returns its port */
export function proxyTls(upstream: number): Promise<number> {
  const server = createServer({ ...options, pskCallback: () => key }, (secure) => {
    const plain = connectPlain(upstream, '127.0.0.1');
    plain.setNoDelay(true);
    secure.setNoDelay(true);
    plain.pipe(secure).pipe(plain);
    const end = () => {
      plain.destroy();
      secure.destroy();
    };
    plain.on('error', end).on('close', end);
    secure.on('error', end).on('close', end);
  });
  return new Promise((resolve, reject) => {
    server
      .once('error', reject)
      .listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
