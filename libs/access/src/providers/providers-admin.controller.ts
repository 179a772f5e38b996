import { Controller } from '@nestjs/common';
import { identityProvidersApi as api, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal, type Principal } from '#platform';
import { Identities } from './identities.service.js';
import { ProviderApprovals } from './provider-approvals.service.js';
import { ProviderSettings } from './provider-settings.service.js';

/** Identity providers, and whose their accounts are, as administrators set it up. */
@Controller()
export class ProvidersAdminController {
  constructor(
    private readonly settings: ProviderSettings,
    private readonly identities: Identities,
    private readonly approvals: ProviderApprovals,
  ) {}

  @Route(api.identityProviders)
  list() {
    return this.settings.list();
  }

  @Route(api.addIdentityProvider)
  add(@Caller() by: Principal, @Input() { body }: InputOf<typeof api.addIdentityProvider>) {
    return this.settings.add(by, body);
  }

  @Route(api.changeIdentityProvider)
  change(@Caller() by: Principal, @Input() { params, body }: InputOf<typeof api.changeIdentityProvider>) {
    return this.settings.change(by, params.providerId, body);
  }

  @Route(api.tryIdentityProvider)
  look(@Caller() by: Principal, @Input() { params }: InputOf<typeof api.tryIdentityProvider>) {
    return this.settings.look(by, params.providerId);
  }

  @Route(api.personIdentities)
  ofPerson(@Input() { params }: InputOf<typeof api.personIdentities>) {
    return this.identities.list(params.personId);
  }

  @Route(api.askProviderActivation)
  askActivation(
    @Caller() by: AdministratorPrincipal,
    @Input() { params, body }: InputOf<typeof api.askProviderActivation>,
  ) {
    return this.approvals.askActivation(by, params.providerId, body);
  }

  @Route(api.pauseIdentityProvider)
  pause(@Caller() by: Principal, @Input() { params }: InputOf<typeof api.pauseIdentityProvider>) {
    return this.settings.pause(by, params.providerId);
  }

  @Route(api.linkIdentity)
  link(@Caller() by: AdministratorPrincipal, @Input() { params, body }: InputOf<typeof api.linkIdentity>) {
    return this.approvals.askLink(by, params.personId, body);
  }

  @Route(api.unlinkIdentity)
  unlink(@Caller() by: Principal, @Input() { params }: InputOf<typeof api.unlinkIdentity>) {
    return this.identities.unlink(by, params.personId, params.providerId);
  }
}
