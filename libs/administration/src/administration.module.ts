import { Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { DirectoryModule } from '#directory';
import { OverviewController } from './overview.controller.js';

/** Pages of the console that join domains. */
@Module({ imports: [AccessModule, DirectoryModule], controllers: [OverviewController] })
export class AdministrationApiModule {}
