import { Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { apiBase, identityProvidersApi as api, type InputOf, type SignedIn } from '#contracts';
import { AppError, Input, Route, toAppError } from '#platform';
import { SignedInAnswers } from '../sign-in/signed-in-answers.js';
import { awaySeconds, ProviderSignIn } from './provider-sign-in.service.js';

/** Ways into the product through an identity provider. Browsers are sent; refusals are told by the client. */
@Controller()
export class ProviderSignInController {
  constructor(
    private readonly signIn: ProviderSignIn,
    private readonly answers: SignedInAnswers,
  ) {}

  @Route(api.signInProviders)
  list() {
    return this.signIn.list();
  }

  @Route(api.beginProviderSignIn)
  async begin(
    @Input() { params }: InputOf<typeof api.beginProviderSignIn>,
    @Res() response: Response,
  ): Promise<void> {
    await leading(response, async () => {
      const { browser, address } = await this.signIn.begin(params.providerId);
      this.answers.setBrowser(response, browser.text, awaySeconds);
      return address.href;
    });
  }

  @Route(api.providerCallback)
  async comeBack(@Req() request: Request, @Res() response: Response): Promise<void> {
    await leading(response, async () => {
      const { search } = new URL(request.originalUrl, 'http://here');
      await this.signIn.comeBack(this.answers.browser(request), search, request.ip ?? null);
      return '/#sign-in=provider';
    });
  }

  @Route(api.samlAnswer)
  async takeAnswer(
    @Input() { body }: InputOf<typeof api.samlAnswer>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await leading(
      response,
      async () => {
        const { SAMLResponse, RelayState } = body;
        const token = await this.signIn.takeAnswer(RelayState, SAMLResponse, request.ip ?? null);
        return `${apiBase}${api.providerCallback.path}?answer=${token}`;
      },
      303,
    );
  }

  @Route(api.samlMetadata)
  async metadata(
    @Input() { params }: InputOf<typeof api.samlMetadata>,
    @Res() response: Response,
  ): Promise<void> {
    const xml = await this.signIn.metadata(params.providerId);
    response.attachment('chancery-metadata.xml').type('application/samlmetadata+xml').send(xml);
  }

  @Route(api.finishProviderSignIn)
  async finish(
    @Input() { body }: InputOf<typeof api.finishProviderSignIn>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    const device = { ...body.device, address: request.ip ?? null };
    const session = await this.signIn.finish(this.answers.browser(request), device);
    return this.answers.give(response, session, device.platform);
  }
}

/** Whoever opens an address sees a page, never the form of a refusal. */
async function leading(
  response: Response,
  work: () => Promise<string>,
  status: 302 | 303 = 302,
): Promise<void> {
  let place: string;
  try {
    place = await work();
  } catch (error) {
    const { code } = error instanceof AppError ? error : toAppError(error);
    place = `/#sign-in-refused=${code}`;
  }
  response.redirect(status, place);
}
