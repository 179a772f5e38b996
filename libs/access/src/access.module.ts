import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { GovernanceModule } from '#governance';
import { AccessKeysModule, ServiceSecretModule } from '#keys';
import { Administrators, type FirstAdministrator } from './administrators/administrators.service.js';
import { AdministratorsStore } from './administrators/administrators.store.js';
import { FirstAdministrators, GIVEN_ADMINISTRATORS } from './administrators/first-administrators.js';
import { BotTokens } from './bots/bot-tokens.service.js';
import { BotsController } from './bots/bots.controller.js';
import { Blocks } from './blocks/blocks.service.js';
import { BlocksStore } from './blocks/blocks.store.js';
import { FactorDemands } from './factors/factor-demands.service.js';
import { FactorProofs } from './factors/factor-proofs.service.js';
import { FactorResets } from './factors/factor-resets.service.js';
import { FactorResetsController } from './factors/factor-resets.controller.js';
import { FactorSecrets } from './factors/factor-secrets.js';
import { Factors } from './factors/factors.service.js';
import { FactorsController } from './factors/factors.controller.js';
import { FactorsStore } from './factors/factors.store.js';
import { FreshProofs } from './factors/fresh-proofs.service.js';
import { Passkeys } from './factors/passkeys.service.js';
import { Proving } from './factors/proving.service.js';
import { AccessGuard } from './guard/access.guard.js';
import { LoadTokens } from './load-tokens.js';
import { Presence } from './presence/presence.service.js';
import { PresenceStore } from './presence/presence.store.js';
import { DevicesController } from './sessions/devices.controller.js';
import { Devices } from './sessions/devices.service.js';
import { Leavers } from './sessions/leavers.job.js';
import { PersonAccessController } from './sessions/person-access.controller.js';
import { Identities } from './providers/identities.service.js';
import { OpenId } from './providers/openid.service.js';
import { ProviderApprovals } from './providers/provider-approvals.service.js';
import { ProviderSecrets } from './providers/provider-secrets.js';
import { ProviderSettings } from './providers/provider-settings.service.js';
import { ProviderSignInController } from './providers/provider-sign-in.controller.js';
import { ProviderSignIn } from './providers/provider-sign-in.service.js';
import { ProvidersAdminController } from './providers/providers-admin.controller.js';
import { ProvidersStore } from './providers/providers.store.js';
import { Saml } from './providers/saml.service.js';
import { AccessPolicies } from './rates/access-policies.js';
import { DoorLimits } from './rates/door-limits.service.js';
import { RateLimits } from './rates/rate-limits.service.js';
import { RatesStore } from './rates/rates.store.js';
import { SessionRules } from './sessions/session-rules.js';
import { SessionUpkeep } from './sessions/session-upkeep.job.js';
import { SessionUses } from './sessions/session-uses.service.js';
import { Sessions } from './sessions/sessions.service.js';
import { SessionsStore } from './sessions/sessions.store.js';
import { Tokens } from './sessions/tokens.js';
import { AttemptsStore } from './sign-in/attempts.store.js';
import { AuthController } from './sign-in/auth.controller.js';
import { LockoutShield } from './sign-in/bind-shield.service.js';
import { BindShieldStore } from './sign-in/bind-shield.store.js';
import { PasswordStrategy } from './sign-in/password.strategy.js';
import { PendingSignInsStore } from './sign-in/pending-sign-ins.store.js';
import { SecondStep } from './sign-in/second-step.service.js';
import { SecondStepController } from './sign-in/second-step.controller.js';
import { SignedInAnswers } from './sign-in/signed-in-answers.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { SignInUpkeep } from './sign-in/upkeep.js';

/** Who is calling, in every process that answers to people: brings the one global guard. */
@Module({
  imports: [AuditModule, ServiceSecretModule, DirectoryModule, GovernanceModule],
  providers: [
    SessionsStore,
    SessionUses,
    SessionRules,
    BlocksStore,
    Tokens,
    Sessions,
    Devices,
    AdministratorsStore,
    Administrators,
    LoadTokens,
    RatesStore,
    RateLimits,
    AccessPolicies,
    DoorLimits,
    FactorsStore,
    FactorDemands,
    Passkeys,
    FreshProofs,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
  ],
  exports: [
    Sessions,
    SessionsStore,
    Devices,
    Administrators,
    LoadTokens,
    RateLimits,
    FactorsStore,
    FactorDemands,
    Passkeys,
    FreshProofs,
  ],
})
export class AccessModule {}

/** Signing in and out. */
@Module({
  imports: [AccessModule, AccessKeysModule, AuditModule, DirectoryModule, ServiceSecretModule],
  controllers: [
    AuthController,
    SecondStepController,
    FactorsController,
    DevicesController,
    ProviderSignInController,
  ],
  providers: [
    AttemptsStore,
    BindShieldStore,
    LockoutShield,
    PasswordStrategy,
    SignIn,
    Tokens,
    SignedInAnswers,
    FactorSecrets,
    FactorProofs,
    Factors,
    Proving,
    PendingSignInsStore,
    SecondStep,
    SignInUpkeep,
    ProvidersStore,
    ProviderSecrets,
    OpenId,
    Saml,
    Identities,
    ProviderSignIn,
  ],
})
export class AccessApiModule {}

/** The three administrators of a new installation. */
@Module({ imports: [AccessModule], providers: [FirstAdministrators] })
export class FirstAdministratorsModule {
  /** @param accounts chosen by somebody else; absent: passwords are drawn and written to a file */
  static with(accounts: FirstAdministrator[] | undefined): DynamicModule {
    const providers = accounts ? [{ provide: GIVEN_ADMINISTRATORS, useValue: accounts }] : [];
    return { module: FirstAdministratorsModule, providers };
  }
}

/** What administrators ask about bots, and about being signed in. */
@Module({
  imports: [
    AccessModule,
    AccessKeysModule,
    AuditModule,
    DirectoryModule,
    GovernanceModule,
    ServiceSecretModule,
  ],
  controllers: [BotsController, PersonAccessController, FactorResetsController, ProvidersAdminController],
  providers: [
    BotTokens,
    Blocks,
    BlocksStore,
    FactorResets,
    Tokens,
    ProvidersStore,
    ProviderSecrets,
    OpenId,
    Saml,
    Identities,
    ProviderSettings,
    ProviderApprovals,
  ],
})
export class AccessAdminModule {}

/** Ends the sessions of leavers, and those that are over. */
@Module({ imports: [AccessModule, DirectoryModule], providers: [Leavers, SessionUpkeep] })
export class AccessJobsModule {}

/** Who is connected; for processes that hold connections. */
@Module({ providers: [PresenceStore, Presence], exports: [Presence] })
export class PresenceModule {}
