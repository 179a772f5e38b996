import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#contracts';
import { DirectoryKeys, permanentBucket } from '#keys';
import { canonicalJson, SETTINGS, type Settings } from '#platform';
import { Connections } from '../ldap/connection.js';
import { LdapDirectory } from '../ldap/ldap-directory.js';
import { settingsSourceName, sourceOfSettings } from './settings-source.js';
import { SourcesStore, type DirectoryRow } from './sources.store.js';

/** A source as it is used: its settings, and the way to it. */
export interface OpenSource {
  row: DirectoryRow;
  directory: LdapDirectory;
  /** Of the settings; another one means that everything has to be read anew. */
  digest: string;
}

/** The directories that people come from, opened for use. */
@Injectable()
export class Sources {
  /** Connections remember which hosts answer, so they are kept as long as the settings are the same. */
  private readonly connections = new Map<string, { digest: string; connections: Connections }>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly store: SourcesStore,
    private readonly keys: DirectoryKeys,
  ) {}

  /** Takes over what the environment says of a directory. */
  async takeSettings(): Promise<void> {
    const given = sourceOfSettings(this.settings);
    if (!given) return;
    await this.store.transaction(async (tx) => {
      await this.store.lock(tx);
      const known = await this.store.findByName(settingsSourceName, tx);
      if (known?.origin === 'console') return;
      const id = known?.id ?? newId();
      const values = {
        origin: 'settings' as const,
        precedence: given.settings.precedence,
        settings: given.settings,
        bindPassword: await this.seal(id, given.password),
      };
      if (known) await this.store.change(tx, id, values);
      else
        await this.store.add(tx, {
          id,
          name: settingsSourceName,
          state: 'active',
          clientId: null,
          ...values,
        });
    });
  }

  /** Those that are synchronised, or all of them, in the order of their precedence. */
  ids(which: 'active' | 'all'): Promise<string[]> {
    return this.store.ids(which);
  }

  async open(id: string): Promise<OpenSource | undefined> {
    const row = await this.store.find(id);
    if (!row) return undefined;
    const digest = digestOf(row.settings);
    return { row, digest, directory: await this.directoryOf(row, digest) };
  }

  async seal(sourceId: string, password: string): Promise<Buffer> {
    const keys = await this.keys.opened();
    await keys.ensure([keyRef(sourceId)]);
    return keys.seal(keyRef(sourceId), Buffer.from(password), Buffer.from(sourceId));
  }

  async passwordOf({ id, bindPassword }: Pick<DirectoryRow, 'id' | 'bindPassword'>): Promise<string> {
    const keys = await this.keys.opened();
    await keys.refresh([keyRef(id)]);
    return keys.open(keyRef(id), bindPassword, Buffer.from(id)).toString();
  }

  private async directoryOf(row: DirectoryRow, digest: string): Promise<LdapDirectory> {
    let known = this.connections.get(row.id);
    if (known?.digest !== digest) {
      const connectMs = this.settings.LDAP_TIMEOUT_MS;
      known?.connections.close();
      const connections = new Connections(row.settings, { connectMs, answerMs: connectMs * 10 });
      this.connections.set(row.id, (known = { digest, connections }));
    }
    return new LdapDirectory(known.connections, row.settings, await this.passwordOf(row));
  }
}

const keyRef = (sourceId: string) => ({ ownerId: sourceId, bucket: permanentBucket });

const digestOf = (settings: DirectoryRow['settings']): string =>
  createHash('sha256').update(canonicalJson(settings)).digest('base64url').slice(0, 22);
