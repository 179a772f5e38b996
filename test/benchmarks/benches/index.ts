import type { Bench } from '../bench.js';
import { latency } from './latency.js';
import { mixed } from './mixed.js';
import { sends } from './sends.js';

/** In the order in which they run: what leaves much behind comes last. */
export const benches: Bench[] = [sends, mixed, latency];
