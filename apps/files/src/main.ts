import 'reflect-metadata';
import { run } from '#platform';
import { FilesAppModule } from './files-app.module.js';

await run({ name: 'files', module: (settings) => FilesAppModule.with(settings) });
