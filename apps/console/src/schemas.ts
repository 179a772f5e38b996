import { config } from 'zod';

// Schemas would try to compile themselves, which the policy of the page forbids and the browser reports.
config({ jitless: true });
