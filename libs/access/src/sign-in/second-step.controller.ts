import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { secondFactorsApi as api, type InputOf, type SignedIn } from '#contracts';
import { Input, Route } from '#platform';
import { SecondStep } from './second-step.service.js';
import { SignedInAnswers } from './signed-in-answers.js';

/** Sign-ins that wait for a second factor. */
@Controller()
export class SecondStepController {
  constructor(
    private readonly step: SecondStep,
    private readonly answers: SignedInAnswers,
  ) {}

  @Route(api.finishSignIn)
  async finish(
    @Input() { body }: InputOf<typeof api.finishSignIn>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    const platform = await this.step.platformOf(body.pending);
    return this.answers.give(response, await this.step.finish(body.pending, body.proof), platform);
  }

  @Route(api.passkeyAtSignIn)
  askPasskey(@Input() { body }: InputOf<typeof api.passkeyAtSignIn>) {
    return this.step.askPasskey(body.pending);
  }

  @Route(api.beginFactorAtSignIn)
  offer(@Input() { body }: InputOf<typeof api.beginFactorAtSignIn>) {
    return this.step.offer(body.pending, body.kind);
  }

  @Route(api.enrolAtSignIn)
  async enrol(
    @Input() { body }: InputOf<typeof api.enrolAtSignIn>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const platform = await this.step.platformOf(body.pending);
    const { session, recoveryCodes } = await this.step.enrol(body.pending, body.name, body.factor);
    return { signedIn: this.answers.give(response, session, platform), recoveryCodes };
  }
}
