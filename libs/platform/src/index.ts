/**
 * What every process of the suite stands on: settings, errors, log, metrics, principal, routes, health, start and
 * end, crypto suites.
 *
 * Owns: `process.env`, the HTTP surface and its refusals. Promises: all faults of the settings are reported at once;
 * every refusal has the one documented form. Must not: know any domain, or open a database.
 */
export { AppError } from './app-error.js';
export { canonicalJson } from './canonical-json.js';
export { claimDataFolder } from './data-folder.js';
export { cryptoSuite, secretKey, suiteOf, type SecretKey } from './crypto-suite.js';
export { Gathering } from './gathering.js';
export { isDatabaseAway, toAppError } from './http/error-filter.js';
export { Health } from './http/health.js';
export { Caller, endpointOf, Input, Route, type GuardedRequest } from './http/route.js';
export { logger } from './logger.js';
export { metrics } from './metrics.js';
export { parse, parseStrictly } from './parse.js';
export { PlatformModule } from './platform.module.js';
export type { AdministratorPrincipal, PersonPrincipal, Principal } from './principal.js';
export { release } from './release.js';
export { run, StartError, type EmbeddedPart, type Program } from './run.js';
export { describeSettings, readSettings, SETTINGS, type Settings } from './settings.js';
export { installationFolder, programOf, version } from './version.js';
