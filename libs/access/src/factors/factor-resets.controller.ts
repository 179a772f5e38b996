import { Controller } from '@nestjs/common';
import { secondFactorsApi as api, type InputOf } from '#contracts';
import { Caller, Input, Route, type AdministratorPrincipal } from '#platform';
import { FactorResets } from './factor-resets.service.js';

/** What administrators see of second factors, and their removal by two of them. */
@Controller()
export class FactorResetsController {
  constructor(private readonly resets: FactorResets) {}

  @Route(api.accountFactors)
  list(@Input() { params }: InputOf<typeof api.accountFactors>) {
    return this.resets.list(params.accountId);
  }

  @Route(api.askFactorReset)
  ask(@Caller() by: AdministratorPrincipal, @Input() { params, body }: InputOf<typeof api.askFactorReset>) {
    return this.resets.ask(by, params.accountId, body);
  }
}
