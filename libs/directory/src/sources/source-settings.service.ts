import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import {
  newId,
  type DirectorySource,
  type DirectorySourceSettings,
  type DirectoryTestStep,
} from '#contracts';
import type { Page } from '#contracts';
import { decodeCursor, isUniqueViolation, toPage, type Transaction } from '#persistence';
import { AppError, SETTINGS, type Principal, type Settings } from '#platform';
import { isSameWay, requireUsable } from './source-settings.js';
import { Sources } from './sources.service.js';
import { SourcesStore, type ListedSource } from './sources.store.js';
import { tryDirectory } from './try-directory.js';

interface NewSource {
  clientId: string;
  name: string;
  settings: DirectorySourceSettings;
  bindPassword: string;
}

interface ChangedSource {
  sourceId: string;
  settings: DirectorySourceSettings;
  bindPassword?: string | undefined;
}

/** Directories as the system administrator sets them up. */
@Injectable()
export class SourceSettings {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: SourcesStore,
    private readonly sources: Sources,
    private readonly trail: AuditTrail,
  ) {}

  /** In the order of their names. */
  async list(query: { cursor?: string | undefined; limit: number }): Promise<Page<DirectorySource>> {
    const [after] = decodeCursor(query.cursor, 1) ?? [];
    const rows = await this.store.list(after === undefined ? undefined : String(after), query.limit + 1);
    return toPage(rows, query.limit, ({ name }) => [name], present);
  }

  /**
   * Begins paused. Throws `directory.source_invalid`, `directory.source_name_taken`. A repeat gets the first outcome.
   */
  async add(by: Principal, { clientId, name, settings, bindPassword }: NewSource): Promise<DirectorySource> {
    requireUsable(settings);
    const requestId = `${by.id} ${clientId}`;
    const id = newId();
    const sealed = await this.sources.seal(id, bindPassword);
    try {
      return await this.store.transaction(async (tx) => {
        await this.store.lock(tx);
        const known = await this.store.findByClientId(requestId, tx);
        if (known) return this.require(known.id, tx);
        if (await this.store.findByName(name, tx)) throw new AppError('directory.source_name_taken');
        await this.store.add(tx, {
          ...{ id, name, settings, bindPassword: sealed, clientId: requestId },
          origin: 'console',
          state: 'paused',
          precedence: settings.precedence,
        });
        await this.record(tx, by, 'directory.source_added', { id, details: { name, ...shown(settings) } });
        return this.require(id, tx);
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new AppError('directory.source_name_taken');
      throw error;
    }
  }

  /** Throws `directory.source_not_found`, `…_fixed`, `…_invalid`, `…_password_required`. */
  async change(by: Principal, { sourceId, settings, bindPassword }: ChangedSource): Promise<DirectorySource> {
    requireUsable(settings);
    const before = await this.require(sourceId);
    if (before.origin === 'settings') throw new AppError('directory.source_fixed');
    if (bindPassword === undefined && !isSameWay(before.settings, settings)) {
      throw new AppError('directory.source_password_required');
    }
    const password =
      bindPassword === undefined ? {} : { bindPassword: await this.sources.seal(sourceId, bindPassword) };
    return this.store.transaction(async (tx) => {
      await this.store.change(tx, sourceId, { settings, precedence: settings.precedence, ...password });
      await this.record(tx, by, 'directory.source_changed', {
        id: sourceId,
        details: { name: before.name, ...shown(settings), password: bindPassword !== undefined },
      });
      return this.require(sourceId, tx);
    });
  }

  /** Throws `directory.source_not_found`. */
  async setState(by: Principal, id: string, state: DirectorySource['state']): Promise<DirectorySource> {
    return this.store.transaction(async (tx) => {
      const before = await this.require(id, tx);
      if (before.state === state) return before;
      await this.store.setState(tx, id, state);
      const action = state === 'paused' ? 'directory.source_paused' : 'directory.source_resumed';
      await this.record(tx, by, action, { id, details: { name: before.name } });
      return this.require(id, tx);
    });
  }

  /** Throws `directory.source_not_found`, `…_invalid`, `…_password_required`. */
  async try(
    by: Principal,
    request: {
      settings: DirectorySourceSettings;
      sourceId?: string | undefined;
      bindPassword?: string | undefined;
    },
  ): Promise<DirectoryTestStep[]> {
    const { settings, sourceId } = request;
    requireUsable(settings);
    const password = request.bindPassword ?? (await this.keptPassword(settings, sourceId));
    const connectMs = this.settings.LDAP_TIMEOUT_MS;
    const steps = await tryDirectory(settings, password, { connectMs, answerMs: connectMs * 10 });
    await this.trail.recordAlone({
      action: 'directory.source_tried',
      by,
      ...(sourceId !== undefined && { object: { kind: 'directory_source', id: sourceId } }),
      details: { ...shown(settings), faults: steps.flatMap(({ fault }) => fault ?? []) },
    });
    return steps;
  }

  private async keptPassword(settings: DirectorySourceSettings, sourceId: string | undefined) {
    if (sourceId === undefined) throw new AppError('directory.source_password_required');
    const row = await this.store.find(sourceId);
    if (!row) throw new AppError('directory.source_not_found');
    if (!isSameWay(row.settings, settings)) throw new AppError('directory.source_password_required');
    return this.sources.passwordOf(row);
  }

  private async require(id: string, tx?: Transaction): Promise<DirectorySource> {
    const row = await this.store.find(id, tx);
    if (!row) throw new AppError('directory.source_not_found');
    return present(row);
  }

  private record(
    tx: Transaction,
    by: Principal,
    action: string,
    { id, details }: { id: string; details: Record<string, unknown> },
  ): Promise<void> {
    return this.trail.record(tx, { action, by, object: { kind: 'directory_source', id }, details });
  }
}

/** What the trail says of settings. */
const shown = ({ kind, hosts, security, bindDn }: DirectorySourceSettings) => ({
  kind,
  hosts: hosts.map(({ host, port }) => `${host}:${port}`).join(', '),
  security,
  bindDn,
});

const present = (row: ListedSource): DirectorySource => ({
  id: row.id,
  name: row.name,
  origin: row.origin,
  state: row.state,
  settings: row.settings,
  hasPassword: row.bindPassword.length > 0,
  people: row.people,
  lookedAt: row.lookedAt?.toISOString() ?? null,
  lookFault: row.lookFault,
  changedAt: row.changedAt.toISOString(),
});
