import 'reflect-metadata';
import { run } from '#platform';
import { AdminAppModule } from './admin-app.module.js';

await run({ name: 'admin', module: (settings) => AdminAppModule.with(settings), clients: ['console'] });
