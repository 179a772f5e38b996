import { AttributeSelection, everything } from './attribute-selection.js';
import { dnKey, parentKey } from './distinguished-name.js';
import type { DirectoryTree } from './directory-tree.js';
import { rootDse } from './entry.js';
import { EntryEncoder } from './entry-encoder.js';
import {
  type LdapResponse,
  type LdapSocket,
  PagedResultsControl,
  type PagedResultsValue,
  pagedResultsType,
  Refusal,
  resultCode,
  type SearchRequest,
} from './ldap-wire.js';
import { PageCookies, type PagePlace } from './page-cookie.js';
import { matches, scope, type Search } from './search.js';
import { compileFilter } from './search-filter.js';

/** OpenLDAP's default: whoever wants more has to ask for pages. */
const unpagedLimit = 500;
/** Larger pages are answered with this many entries and a cookie, as Active Directory does. */
const largestPage = 1000;
/** Entries are handed to the socket in parcels of about this many bytes. */
const parcel = 64 * 1024;

/** How many entries this answer may hold, and whether the client goes on with a cookie when there are more. */
interface Allowance {
  readonly entries: number;
  readonly from: PagePlace;
  readonly page: PagedResultsValue | undefined;
  /** What the cookies of this search are sealed over. */
  readonly name: string;
}

export class SearchHandler {
  readonly #cookies = new PageCookies();

  constructor(private readonly tree: DirectoryTree) {}

  async search(request: SearchRequest, response: LdapResponse, isAnonymous: boolean): Promise<void> {
    refuseUnknownControls(request);
    const search = { base: dnKey(request.dn), scope: request.scope, filter: request.filter.root };
    if (search.base === '' && search.scope === scope.base) return this.#answerRootDse(request, response);
    if (isAnonymous) {
      throw new Refusal(resultCode.insufficientAccessRights, 'Bind before you search.');
    }
    if (!this.tree.find(search.base)) {
      throw new Refusal(resultCode.noSuchObject, 'There is no such entry.', this.#nearest(search.base));
    }
    await this.#answer(request, response, search);
  }

  #answerRootDse(request: SearchRequest, response: LdapResponse): void {
    const selection = isEverything(request.attributes)
      ? everything
      : new AttributeSelection(request.attributes);
    if (compileFilter(request.filter.root)(rootDse) === true) {
      const encoder = new EntryEncoder(request.messageId, selection, request.typesOnly);
      response.connection.write(encoder.encode(rootDse));
    }
    response.end();
  }

  async #answer(request: SearchRequest, response: LdapResponse, search: Search): Promise<void> {
    const allowance = this.#allowance(request, search);
    const parcels = new Parcels(response.connection);
    const encoder = new EntryEncoder(
      request.messageId,
      new AttributeSelection(request.attributes),
      request.typesOnly,
    );
    let sent = 0;
    let next: number | undefined;
    for await (const { position, entry } of matches(this.tree, search, allowance.from.next)) {
      if (sent === allowance.entries) {
        next = position;
        break;
      }
      await parcels.add(encoder.encode(entry));
      sent += 1;
      if (response.connection.destroyed) return;
    }
    await parcels.send();
    this.#close(request, response, allowance, sent, next);
  }

  #close(
    request: SearchRequest,
    response: LdapResponse,
    { page, name, from }: Allowance,
    sent: number,
    next: number | undefined,
  ): void {
    const delivered = from.delivered + sent;
    const isAtLimit = !page || (request.sizeLimit > 0 && delivered >= request.sizeLimit);
    const isExceeded = next !== undefined && isAtLimit;
    if (isExceeded) response.status = resultCode.sizeLimitExceeded;
    if (page) {
      const goesOn = next !== undefined && !isExceeded && page.size > 0;
      const cookie = goesOn ? this.#cookies.issue({ next, delivered }, name) : Buffer.alloc(0);
      response.addControl(new PagedResultsControl({ value: { size: 0, cookie } }));
    }
    response.end();
  }

  #allowance(request: SearchRequest, search: Search): Allowance {
    const page = pagedResults(request);
    const name = JSON.stringify([search.base, search.scope, search.filter]);
    const from = this.#resume(page, name);
    const asked = request.sizeLimit > 0 ? request.sizeLimit - from.delivered : Number.POSITIVE_INFINITY;
    const allowed = page ? Math.min(page.size, largestPage) : unpagedLimit;
    return { entries: Math.max(0, Math.min(asked, allowed)), from, page, name };
  }

  #resume(page: PagedResultsValue | undefined, name: string): PagePlace {
    if (!page || page.cookie.length === 0) return { next: 0, delivered: 0 };
    const place = this.#cookies.read(page.cookie, name);
    if (!place) throw new Refusal(resultCode.unwillingToPerform, 'The paged results cookie is invalid.');
    return place;
  }

  /** The closest entry above that does exist. */
  #nearest(base: string): string {
    for (let key = parentKey(base); key !== ''; key = parentKey(key)) {
      const entry = this.tree.find(key);
      if (entry) return entry.dn;
    }
    return '';
  }
}

/** Collects small messages into larger writes and waits while the client is slower than the server. */
class Parcels {
  #messages: Buffer[] = [];
  #size = 0;

  constructor(private readonly socket: LdapSocket) {}

  async add(message: Buffer): Promise<void> {
    this.#messages.push(message);
    this.#size += message.length;
    if (this.#size >= parcel) await this.send();
  }

  async send(): Promise<void> {
    if (this.#size === 0) return;
    const bytes = Buffer.concat(this.#messages, this.#size);
    this.#messages = [];
    this.#size = 0;
    if (!this.socket.destroyed && !this.socket.write(bytes)) await hasRoom(this.socket);
  }
}

/** Settles when the socket takes more, or never will. */
async function hasRoom(socket: LdapSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle);
      resolve();
    };
    socket.on('drain', settle).on('close', settle);
  });
}

function pagedResults(request: SearchRequest): PagedResultsValue | undefined {
  const control = request.controls.find(({ type }) => type === pagedResultsType);
  return control?.value as PagedResultsValue | undefined;
}

function refuseUnknownControls(request: SearchRequest): void {
  const unknown = request.controls.find(({ type, criticality }) => criticality && type !== pagedResultsType);
  if (!unknown) return;
  throw new Refusal(
    resultCode.unavailableCriticalExtension,
    `The control ${unknown.type} is not supported here.`,
  );
}

function isEverything(attributes: readonly string[]): boolean {
  return attributes.length === 0 || attributes.includes('*') || attributes.includes('+');
}
