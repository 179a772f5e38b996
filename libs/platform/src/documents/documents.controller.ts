import { Controller, Header } from '@nestjs/common';
import { serviceApi } from '#contracts';
import { Route } from '../http/route.js';
import { version } from '../version.js';
import { asyncapiDocument } from './asyncapi.js';
import { openapiDocument } from './openapi.js';
import { referencePage } from './reference-page.js';

@Controller()
export class DocumentsController {
  private readonly openapiText = openapiDocument(version);
  private readonly asyncapiText = asyncapiDocument(version);
  private readonly page = referencePage(this.openapiText, this.asyncapiText);

  @Route(serviceApi.openapi)
  openapi() {
    return this.openapiText;
  }

  @Route(serviceApi.asyncapi)
  asyncapi() {
    return this.asyncapiText;
  }

  @Route(serviceApi.reference)
  @Header('content-type', 'text/html; charset=utf-8')
  reference() {
    return this.page;
  }
}
