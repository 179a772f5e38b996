import { Controller, Header } from '@nestjs/common';
import { serviceApi } from '#contracts';
import { Route } from '../http/route.js';
import { version } from '../version.js';
import { asyncapiDocument } from './asyncapi.js';
import { openapiDocument } from './openapi.js';
import { referencePage } from './reference-page.js';

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

@Controller()
export class DocumentsController {
  /** Made when somebody asks first: it takes a tenth of what a start takes. */
  private readonly openapiText = once(() => openapiDocument(version));
  private readonly asyncapiText = once(() => asyncapiDocument(version));
  private readonly page = once(() => referencePage(this.openapiText(), this.asyncapiText()));

  @Route(serviceApi.openapi)
  openapi() {
    return this.openapiText();
  }

  @Route(serviceApi.asyncapi)
  asyncapi() {
    return this.asyncapiText();
  }

  @Route(serviceApi.reference)
  @Header('content-type', 'text/html; charset=utf-8')
  reference() {
    return this.page();
  }
}
