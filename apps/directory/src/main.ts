import 'reflect-metadata';
import { run } from '#platform';
import { DirectoryAppModule } from './directory-app.module.js';

await run({
  name: 'directory',
  module: (settings) => DirectoryAppModule.with(settings),
  clients: ['web'],
});
