import 'reflect-metadata';
import { run } from '#platform';
import { MessagingAppModule } from './messaging-app.module.js';

await run({ name: 'messaging', module: (settings) => MessagingAppModule.with(settings) });
