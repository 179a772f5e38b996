import { z } from 'zod';

// Schemas would try to compile themselves, which the policy of the page forbids and the browser reports. Each decides
// when it is made, so nothing that makes one may be loaded before.
z.config({ jitless: true });

await import('./page.js');
