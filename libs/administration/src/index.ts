/**
 * What the console shows of several domains at once.
 *
 * Owns: no data. Promises: numbers as of the moment they are asked. Must not: decide anything a domain decides.
 */
export { AdministrationApiModule } from './administration.module.js';
