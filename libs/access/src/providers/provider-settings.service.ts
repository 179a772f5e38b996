import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import {
  newId,
  type IdentityProvider,
  type IdentityProviderSettings,
  type Page,
  type ProviderTrial,
} from '#contracts';
import type { Transaction } from '#persistence';
import { AppError, type Principal } from '#platform';
import type { IdentityProviderRow } from './identity-provider.entity.js';
import { OpenId } from './openid.service.js';
import { ProviderSecrets } from './provider-secrets.js';
import { ProvidersStore } from './providers.store.js';
import { Saml } from './saml.service.js';
import { requireUsable } from './usable-settings.js';

const providersMost = 20;

interface Given {
  name: string;
  settings: IdentityProviderSettings;
  secret?: string | undefined;
}

/** Providers as the system administrator sets them up. */
@Injectable()
export class ProviderSettings {
  constructor(
    private readonly store: ProvidersStore,
    private readonly openId: OpenId,
    private readonly saml: Saml,
    private readonly secrets: ProviderSecrets,
    private readonly trail: AuditTrail,
  ) {}

  async list(): Promise<Page<IdentityProvider>> {
    const people = await this.store.linked();
    const items = (await this.store.all()).map((row) => this.present(row, people.get(row.id) ?? 0));
    return { items, nextCursor: null };
  }

  /** A repeat gets the same one. Throws `provider.name_taken`, `provider.invalid`, `provider.too_many`. */
  async add(by: Principal, { clientId, name, settings, secret }: Given & { clientId: string }) {
    requireUsable(settings);
    const id = newId();
    const sealed = secret === undefined ? null : await this.secrets.seal(id, secret);
    const requestId = `${by.id} ${clientId}`;
    return this.store.transaction(async (tx) => {
      await this.store.lock(tx);
      const all = await this.store.allWithin(tx);
      const known = all.find((one) => one.clientId === requestId);
      if (known) return this.present(known, 0);
      requireName(all, name);
      if (all.length >= providersMost) {
        throw new AppError('provider.too_many', { details: { most: providersMost } });
      }
      const row: IdentityProviderRow = {
        ...{ id, name, settings, secret: sealed, clientId: requestId },
        active: false,
        version: 1,
        createdAt: new Date(),
      };
      await this.store.insert(tx, row);
      await this.trail.record(tx, {
        action: 'provider.added',
        by,
        object: { kind: 'provider', id },
        details: { name, settings },
      });
      return this.present(row, 0);
    });
  }

  /**
   * What is changed is not approved, so nobody signs in with it. Throws `provider.not_found`,
   * `provider.changed_meanwhile`, `provider.name_taken`, `provider.invalid`.
   */
  async change(by: Principal, id: string, { version, name, settings, secret }: Given & { version: number }) {
    requireUsable(settings);
    const sealed = secret === undefined ? undefined : await this.secrets.seal(id, secret);
    const row = await this.store.transaction(async (tx) => {
      const { known, others } = await this.find(tx, id);
      if (known.version !== version) throw new AppError('provider.changed_meanwhile');
      requireName(others, name);
      requireSecretOf(known, settings, secret);
      const changed = {
        name,
        settings,
        active: false,
        version: version + 1,
        ...(sealed && { secret: sealed }),
      };
      await this.store.change(tx, id, changed);
      await this.trail.record(tx, {
        action: 'provider.changed',
        by,
        object: { kind: 'provider', id },
        details: { name, settings, before: known.settings, newSecret: sealed !== undefined },
      });
      return { ...known, ...changed };
    });
    return this.present(row, (await this.store.linked()).get(id) ?? 0);
  }

  /** A repeat changes nothing. Throws `provider.not_found`. */
  async pause(by: Principal, id: string): Promise<IdentityProvider> {
    const row = await this.store.transaction(async (tx) => {
      const { known } = await this.find(tx, id);
      if (!known.active) return known;
      await this.store.change(tx, id, { active: false });
      const { name } = known;
      await this.trail.record(tx, {
        action: 'provider.paused',
        by,
        object: { kind: 'provider', id },
        details: { name },
      });
      return { ...known, active: false };
    });
    return this.present(row, (await this.store.linked()).get(id) ?? 0);
  }

  /** Throws `provider.not_found`. */
  async look(by: Principal, id: string): Promise<ProviderTrial> {
    const row = await this.store.find(id);
    if (!row) throw new AppError('provider.not_found');
    const trial = await this.endpointsOf(row).then(
      (endpoints): ProviderTrial => ({ usable: true, fault: null, endpoints }),
      (error: unknown): ProviderTrial => ({ usable: false, fault: faultOf(error), endpoints: [] }),
    );
    await this.trail.recordAlone({
      action: 'provider.tried',
      by,
      object: { kind: 'provider', id },
      outcome: trial.usable ? 'done' : 'failed',
      details: { name: row.name, fault: trial.fault },
    });
    return trial;
  }

  private async find(tx: Transaction, id: string) {
    await this.store.lock(tx);
    const all = await this.store.allWithin(tx);
    const known = all.find((one) => one.id === id);
    if (!known) throw new AppError('provider.not_found');
    return { known, others: all.filter((one) => one !== known) };
  }

  private present(
    { id, name, active, settings, version }: IdentityProviderRow,
    people: number,
  ): IdentityProvider {
    const isSaml = Boolean(settings.saml);
    return {
      // Those that were kept before there was SAML say nothing of it.
      ...{ id, name, active, settings: { ...settings, saml: settings.saml ?? null }, version, people },
      redirectUri: isSaml ? this.saml.answerAddress : this.openId.redirectUri,
      metadataAddress: isSaml ? this.saml.metadataAddress(id) : null,
    };
  }

  /** Of SAML nothing is asked over the network: browsers carry everything. */
  private async endpointsOf(row: IdentityProviderRow): Promise<string[]> {
    return row.settings.saml ? this.saml.look(row) : this.openId.look(row);
  }
}

function requireName(others: readonly IdentityProviderRow[], name: string): void {
  if (others.some((one) => one.name === name)) throw new AppError('provider.name_taken');
}

/** A kept secret is for the issuer it was given for, and is sent to no other. */
function requireSecretOf(
  known: IdentityProviderRow,
  { issuer }: IdentityProviderSettings,
  secret?: string,
): void {
  if (known.secret && secret === undefined && issuer !== known.settings.issuer) {
    throw new AppError('provider.invalid', {
      details: { field: 'secret', reason: 'it is to be given again for another issuer' },
    });
  }
}

/** Errors of the network carry what matters in their cause. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
