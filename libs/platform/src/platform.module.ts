import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DocumentsController } from './documents/documents.controller.js';
import { Health, HealthController } from './http/health.js';
import { SETTINGS, type Settings } from './settings.js';

/** What every process has: settings, health and the documents of the API. */
@Global()
@Module({ controllers: [HealthController, DocumentsController] })
export class PlatformModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: PlatformModule,
      providers: [Health, { provide: SETTINGS, useValue: settings }],
      exports: [Health, SETTINGS],
    };
  }
}
