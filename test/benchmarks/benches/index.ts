import type { Bench } from '../bench.js';
import { broadcast } from './broadcast.js';
import { directory } from './directory.js';
import { files } from './files.js';
import { firstPage } from './first-page.js';
import { history } from './history.js';
import { idle } from './idle.js';
import { latency } from './latency.js';
import { long } from './long.js';
import { mixed } from './mixed.js';
import { reconnect } from './reconnect.js';
import { sends, tls } from './sends.js';

/** In the order in which they run: what leaves much behind comes last. */
export const benches: Bench[] = [
  sends,
  mixed,
  latency,
  tls,
  broadcast,
  firstPage,
  files,
  directory,
  idle,
  reconnect,
  long,
  history,
];
