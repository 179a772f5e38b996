/**
 * Parts of pages that every client in a browser shows in the same way: second factors, and a fresh proof before what
 * matters.
 *
 * Owns: their words in every language. Promises: nothing is kept; calls go through the client's own connection. Must
 * not: know what a client is for.
 */
export { copyText } from './copy.js';
export { EnrolForm } from './factors/enrol-form.js';
export { ProofDialog } from './factors/proof-dialog.js';
export { ProveForm } from './factors/prove-form.js';
export { RecoveryCodes } from './factors/recovery-codes.js';
export { PartSurroundings } from './factors/surroundings.js';
export { factorWords } from './factors/words.js';
