import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Authentication } from './authentication.js';
import { dnKey, serviceAccountDn } from './distinguished-name.js';
import type { DirectoryTree } from './directory-tree.js';
import {
  type BindRequest,
  createServer,
  type Handler,
  type LdapRequest,
  type LdapResponse,
  type LdapServer,
  type LdapSocket,
  parseDN,
  Refusal,
  resultCode,
} from './ldap-wire.js';
import { readMessagesFaithfully } from './message-reading.js';
import { SearchHandler } from './search-handler.js';
import { TreeChanges } from './tree-changes.js';

export interface ServerOptions {
  readonly tree: DirectoryTree;
  readonly secret: KeyObject;
  /** 0 takes any free port. */
  readonly port: number;
  readonly writable: boolean;
}

const host = '127.0.0.1';
const anonymous = parseDN('cn=anonymous');

/** The directory on the wire. Bound to this machine alone: it is a demo and speaks without encryption. */
export class DirectoryServer {
  readonly #sockets = new Set<Socket>();
  readonly #server: LdapServer;

  private constructor(private readonly options: ServerOptions) {
    readMessagesFaithfully();
    this.#server = createServer({ connectionRouter: (socket) => this.#welcome(socket) });
    // A message that is not LDAP arrives here; ldapjs has closed that connection, and the others go on.
    this.#server.on('error', () => undefined);
    this.#mountReading();
    this.#mountWriting();
  }

  static async listen(options: ServerOptions): Promise<DirectoryServer> {
    const directory = new DirectoryServer(options);
    const { server } = directory.#server;
    server.listen(options.port, host);
    await once(server, 'listening');
    return directory;
  }

  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `ldap://${host}:${port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server.server, 'close');
    this.#server.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    this.#server.newConnection(socket);
  }

  #mountReading(): void {
    const { tree, secret } = this.options;
    const authentication = new Authentication(tree, secret);
    const searches = new SearchHandler(tree);
    this.#server.bind(
      '',
      answering<BindRequest>(({ connection, dn: name, credentials }, response) => {
        // Whoever fails to become somebody is nobody: RFC 4511, section 4.2.1.
        connection.ldap.bindDN = anonymous;
        const dn = parseDN(name);
        authentication.check(dnKey(dn), credentials);
        connection.ldap.bindDN = dn;
        response.end();
      }),
    );
    this.#server.search(
      '',
      answering((request, response) => searches.search(request, response, isAnonymous(request.connection))),
    );
  }

  #mountWriting(): void {
    const { tree, writable } = this.options;
    const changes = new TreeChanges(tree);
    const refuse = answering(() => {
      throw new Refusal(resultCode.unwillingToPerform, 'This directory does not do that.');
    });
    this.#server.compare('', refuse);
    this.#server.modifyDN('', refuse);
    const writing = <R extends LdapRequest>(apply: (request: R) => void) =>
      answering<R>((request, response) => {
        if (!writable) throw new Refusal(resultCode.unwillingToPerform, 'This directory is read only.');
        if (dnKey(request.connection.ldap.bindDN) !== serviceAccountDn) {
          throw new Refusal(resultCode.insufficientAccessRights, 'Only the service account may write.');
        }
        apply(request);
        response.end();
      });
    this.#server.modify(
      '',
      writing(({ dn, changes: list }) => changes.modify(dn, list)),
    );
    this.#server.add(
      '',
      writing(({ dn, attributes }) => changes.add(dn, attributes)),
    );
    this.#server.del(
      '',
      writing(({ dn }) => changes.remove(dn)),
    );
  }
}

/** A handler that answers by ending the response or by throwing a refusal. */
function answering<R extends LdapRequest | BindRequest>(
  handle: (request: R, response: LdapResponse) => void | Promise<void>,
): Handler<R> {
  return (request, response) => {
    void (async () => handle(request, response))().catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : unexpected(error);
      response.status = refusal.code;
      response.diagnosticMessage = refusal.message;
      response.matchedDN = refusal.matchedDN;
      response.end();
    });
  };
}

function unexpected(error: unknown): Refusal {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return new Refusal(resultCode.other, 'The directory failed; its log says why.');
}

function isAnonymous(socket: LdapSocket): boolean {
  return dnKey(socket.ldap.bindDN) === dnKey(anonymous);
}
