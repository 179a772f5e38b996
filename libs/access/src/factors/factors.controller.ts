import { Controller } from '@nestjs/common';
import { secondFactorsApi as api, type InputOf } from '#contracts';
import { AppError, Caller, Input, Route, type Principal } from '#platform';
import { Factors } from './factors.service.js';
import { accountOf } from './fresh-proofs.service.js';
import { Proving } from './proving.service.js';

/** Everybody's own second factors, and proving again who one is. */
@Controller()
export class FactorsController {
  constructor(
    private readonly factors: Factors,
    private readonly proving: Proving,
  ) {}

  @Route(api.myFactors)
  mine(@Caller() caller: Principal) {
    return this.factors.mine(own(caller));
  }

  @Route(api.beginFactor)
  begin(@Caller() caller: Principal, @Input() { body }: InputOf<typeof api.beginFactor>) {
    return this.factors.offer({ account: own(caller), subjectId: caller.sessionId }, body.kind);
  }

  @Route(api.addFactor)
  add(@Caller() caller: Principal, @Input() { body }: InputOf<typeof api.addFactor>) {
    return this.factors.add(caller, own(caller), body);
  }

  @Route(api.removeFactor)
  remove(@Caller() caller: Principal, @Input() { params }: InputOf<typeof api.removeFactor>) {
    return this.factors.remove(caller, own(caller), params.factorId);
  }

  @Route(api.makeRecoveryCodes)
  async makeCodes(@Caller() caller: Principal, @Input() _input: InputOf<typeof api.makeRecoveryCodes>) {
    return { recoveryCodes: await this.factors.makeCodes(caller) };
  }

  @Route(api.passkeyForProof)
  askPasskey(@Caller() caller: Principal) {
    return this.proving.askPasskey(caller, own(caller));
  }

  @Route(api.prove)
  async prove(@Caller() caller: Principal, @Input() { body }: InputOf<typeof api.prove>) {
    return { until: (await this.proving.prove(caller, own(caller), body.proof)).toISOString() };
  }
}

function own(caller: Principal) {
  const account = accountOf(caller);
  if (!account) throw new AppError('access.forbidden');
  return account;
}
