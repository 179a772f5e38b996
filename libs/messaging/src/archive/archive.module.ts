import { Module } from '@nestjs/common';
import { ContentKeysModule } from '#keys';
import { Members } from '../conversations/members.service.js';
import { MembersStore } from '../conversations/members.store.js';
import { Contents } from '../log/content.service.js';
import { LogReader } from '../log/log-reader.service.js';
import { LogReaderStore } from '../log/log-reader.store.js';
import { ArchiveScope } from './archive-scope.service.js';
import { Archive } from './archive.service.js';
import { ArchiveStore } from './archive.store.js';

/** What an export covers; for processes without content keys. */
@Module({ providers: [ArchiveStore, ArchiveScope], exports: [ArchiveScope] })
export class ArchiveScopeModule {}

/** What was written; for processes that hold content keys. */
@Module({
  imports: [ContentKeysModule],
  providers: [Contents, LogReaderStore, LogReader, MembersStore, Members, Archive],
  exports: [Archive],
})
export class ArchiveModule {}
